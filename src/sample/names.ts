import type { Choices, Random, Weighted } from './random.ts';

export interface PersonName {
  /** In Hangul, the family name first. */
  readonly hangul: string;
  /** In Latin small letters, as in an e-mail address: `minjun.kim`. */
  readonly latin: string;
  readonly family: Spelling;
}

export interface Spelling {
  readonly hangul: string;
  readonly latin: string;
}

export function sampleName(random: Random): PersonName {
  return nameOf(random.pickWeighted(familyNames), random.pick(givenNames));
}

/** Makes somebody with the same family name. */
export function sampleRelative(random: Random, person: PersonName): PersonName {
  return nameOf(person.family, random.pick(givenNames));
}

function nameOf(family: Spelling, given: Spelling): PersonName {
  return {
    hangul: family.hangul + given.hangul,
    latin: `${given.latin}.${family.latin}`,
    family,
  };
}

function family(hangul: string, latin: string, weight: number): Spelling & Weighted {
  return {
    hangul,
    latin,
    weight,
  };
}

/** Weights: about as many in a thousand people. */
const familyNames: Choices<Spelling & Weighted> = [
  family('김', 'kim', 215),
  family('이', 'lee', 147),
  family('박', 'park', 84),
  family('최', 'choi', 47),
  family('정', 'jung', 43),
  family('강', 'kang', 24),
  family('조', 'cho', 21),
  family('윤', 'yoon', 20),
  family('장', 'jang', 20),
  family('임', 'lim', 17),
  family('한', 'han', 15),
  family('오', 'oh', 15),
  family('서', 'seo', 15),
  family('신', 'shin', 15),
  family('권', 'kwon', 14),
  family('황', 'hwang', 14),
  family('안', 'ahn', 14),
  family('송', 'song', 14),
  family('전', 'jeon', 11),
  family('홍', 'hong', 11),
  family('유', 'yoo', 10),
  family('고', 'ko', 9),
  family('문', 'moon', 9),
  family('양', 'yang', 9),
  family('배', 'bae', 8),
  family('남궁', 'namgung', 1),
  family('황보', 'hwangbo', 1),
  family('선우', 'sunwoo', 1),
];

function given(hangul: string, latin: string): Spelling {
  return { hangul, latin };
}

const givenNames: Choices<Spelling> = [
  given('민준', 'minjun'),
  given('서준', 'seojun'),
  given('도윤', 'doyun'),
  given('예준', 'yejun'),
  given('시우', 'siwoo'),
  given('하준', 'hajun'),
  given('지호', 'jiho'),
  given('주원', 'juwon'),
  given('준우', 'junwoo'),
  given('건우', 'gunwoo'),
  given('현우', 'hyunwoo'),
  given('지훈', 'jihoon'),
  given('성민', 'sungmin'),
  given('동현', 'donghyun'),
  given('재현', 'jaehyun'),
  given('승호', 'seungho'),
  given('상훈', 'sanghoon'),
  given('영수', 'youngsoo'),
  given('정호', 'jungho'),
  given('준', 'jun'),
  given('서연', 'seoyeon'),
  given('서윤', 'seoyun'),
  given('지우', 'jiwoo'),
  given('하은', 'haeun'),
  given('하윤', 'hayun'),
  given('민서', 'minseo'),
  given('채원', 'chaewon'),
  given('수아', 'sua'),
  given('지민', 'jimin'),
  given('유진', 'yujin'),
  given('은지', 'eunji'),
  given('수진', 'sujin'),
  given('미영', 'miyoung'),
  given('영희', 'younghee'),
  given('정숙', 'jungsook'),
  given('혜진', 'hyejin'),
  given('다은', 'daeun'),
  given('나래', 'narae'),
  given('보람', 'boram'),
  given('솔', 'sol'),
];
