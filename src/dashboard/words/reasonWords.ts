import type { Pair } from './language.ts';

/** Reason codes in words. Codes of a channel, such as of a refusal, are told by their end. */
const words: Readonly<Record<string, Pair>> = {
  BILL_INCOMPLETE: ['The data of the bill are incomplete', '청구 데이터가 불완전함'],
  CIPHER_FAILED: ['A stored value could not be decrypted', '저장된 값을 복호화하지 못함'],
  TEMPLATE_FAILED: ['The template could not show the bill', '템플릿 오류'],
  NO_CONTACT: ['The member has no address', '연락처 없음'],
  NOTHING_DUE: ['Nothing is due, and the settings allow no message for that', '청구 금액 없음'],
  RENDER_CRASHED: ['Rendering it crashed', '렌더링 중 오류'],
  ATTEMPTS_EXHAUSTED: ['The provider took nothing for too long', '시도 한도를 넘음'],
  PROVIDER_REJECTS_BILL: ['The provider refused this bill while it took others', '사업자가 이 청구서만 거부'],
  GIVEN_UP: ['It was in doubt, and a person gave it up', '담당자가 포기 처리'],
  DATABASE_REFUSED: ['The database refused its hand-off', '데이터베이스가 거부'],
  EVENT_NOT_JSON: ['The value is not JSON', '값이 JSON이 아님'],
  EVENT_EMPTY: ['The record has no value', '값이 없음'],
  EVENT_BAD_ID: ['An id is missing or wrong', '번호가 없거나 잘못됨'],
  EVENT_TOO_LARGE: ['It is larger than any event', '이벤트가 너무 큼'],
  EVENT_MEMBER_MISMATCH: ["It names another member than the bill's", '회원 번호 불일치'],
  BILL_UNKNOWN: ['The bill had no row when it came', '청구서가 없음'],
  BATCH_TOO_LARGE: ['A record batch is too large', '배치가 너무 큼'],
  BATCH_UNREADABLE: ['A record batch cannot be read', '배치를 읽을 수 없음'],
};

const endings: readonly (readonly [end: string, (way: string) => Pair])[] = [
  ['_REFUSED', (way) => [`The provider refused it for good (${way})`, `사업자가 영구 거절 (${way})`]],
  [
    '_SUPPRESSED',
    (way) => [`The address is on the suppression list (${way})`, `수신 차단 목록의 주소 (${way})`],
  ],
  ['_BOUNCED', (way) => [`It was accepted and came back (${way})`, `접수 후 반송됨 (${way})`]],
];

/** A reason in words; undefined for one that nobody has named. */
export function reasonWords(code: string): Pair | undefined {
  if (Object.hasOwn(words, code)) return words[code];
  const [end, word] = endings.find(([ending]) => code.endsWith(ending)) ?? [];
  return end === undefined ? undefined : word?.(code.slice(0, -end.length));
}
