import type { Choices, Random } from './random.ts';

/** A street address of today's Korean form; streets and numbers are put together by chance. */
export function sampleAddress(random: Random): string {
  const place = `${random.pick(districts)} ${random.pick(streets)} ${random.integer(1, 399)}`;
  if (random.chance(0.2)) return place;
  return `${place}, ${random.integer(101, 120)}동 ${random.integer(1, 25)}0${random.integer(1, 8)}호`;
}

const districts: Choices<string> = [
  '서울특별시 강남구',
  '서울특별시 마포구',
  '서울특별시 송파구',
  '서울특별시 관악구',
  '서울특별시 노원구',
  '부산광역시 해운대구',
  '부산광역시 부산진구',
  '대구광역시 수성구',
  '인천광역시 연수구',
  '광주광역시 북구',
  '대전광역시 유성구',
  '울산광역시 남구',
  '세종특별자치시 조치원읍',
  '경기도 성남시 분당구',
  '경기도 수원시 영통구',
  '경기도 고양시 일산동구',
  '경기도 용인시 수지구',
  '강원특별자치도 춘천시',
  '충청북도 청주시 흥덕구',
  '충청남도 천안시 서북구',
  '전북특별자치도 전주시 완산구',
  '전라남도 순천시',
  '경상북도 포항시 북구',
  '경상남도 창원시 성산구',
  '제주특별자치도 제주시',
];

const streets: Choices<string> = [
  '중앙로',
  '시청로',
  '한빛로',
  '은하수로',
  '문화로',
  '평화로',
  '새싹길',
  '벚꽃로',
  '소나무길',
  '호수로',
  '미래로',
  '역전로',
  '강변로',
  '도서관길',
  '햇살로12번길',
];
