import type { Pair } from './language.ts';

/** Reason codes in words. Codes that begin with a channel, such as a refusal's, are found by their ends. */
const words: Readonly<Record<string, Pair>> = {
  BILL_INCOMPLETE: ['The data of the bill are incomplete', '청구 데이터가 불완전함'],
  CIPHER_FAILED: ['A stored value could not be decrypted', '저장된 값을 복호화하지 못함'],
  TEMPLATE_FAILED: ['The template could not show the bill', '템플릿 오류'],
  NO_CONTACT: ['The member has no address', '연락처 없음'],
  NOTHING_DUE: ['Nothing is due, and the settings allow no message for that', '청구 금액 없음'],
  RENDER_CRASHED: ['Rendering it crashed', '렌더링 중 오류'],
  ATTEMPTS_EXHAUSTED: ['The provider took nothing for too long', '시도 한도를 넘음'],
  PROVIDER_REJECTS_BILL: [
    'The provider refused this bill while it took others',
    '발송 업체가 이 청구서만 거부',
  ],
  GIVEN_UP: ['It was in doubt, and a person gave it up', '담당자가 포기 처리'],
  DATABASE_REFUSED: ['The database refused its hand-off', '데이터베이스가 거부'],
  EVENT_NOT_JSON: ['The value is not JSON', '값이 JSON이 아님'],
  EVENT_EMPTY: ['The record has no value', '값이 없음'],
  EVENT_BAD_ID: ['An id is missing or wrong', '번호가 없거나 잘못됨'],
  EVENT_TOO_LARGE: ['It is larger than any event', '이벤트가 너무 큼'],
  EVENT_MEMBER_MISMATCH: ["It names another member than the bill's", '회원 번호 불일치'],
  BILL_UNKNOWN: ['The bill had no row when it came', '청구서가 없음'],
  BATCH_TOO_LARGE: ['A record batch is too large', '배치가 너무 큼'],
  QUIET_HOURS: ['The member has quiet hours', '회원의 방해 금지 시간'],
  CONNECTION_BROKEN: ['The connection broke before the answer', '응답 전에 연결이 끊어짐'],
  NO_CONNECTION: ['There was no connection to the provider', '발송 업체에 연결하지 못함'],
  HTTP_TIME_OUT: ['The provider did not answer in time', '발송 업체의 응답 시간 초과'],
  SMTP_TIME_OUT: ['The mail relay did not answer in time', '메일 서버의 응답 시간 초과'],
  PROVIDER_TIME_OUT: ['The provider module did not answer in time', '발송 업체 모듈의 응답 시간 초과'],
  PROVIDER_THREW: ['The provider module threw', '발송 업체 모듈 오류'],
  PROVIDER_FAULT: ['Talking to the provider failed unexpectedly', '발송 업체와 통신 중 예상 밖의 오류'],
  STREAM_REFUSED: ['The provider refused it unread', '발송 업체가 읽지 않고 거절'],
  FILE_NOT_UPLOADED: ['Its file could not be uploaded', '첨부 파일을 올리지 못함'],
  ANSWER_OF_ANOTHER: ['The answer was about another message', '다른 메시지에 대한 응답'],
  NOT_IN_ANSWER: ['The answer did not name the bill', '응답에 이 청구서가 없음'],
  KEY_USED_BEFORE: ['The provider had its key already', '발송 업체에 이미 있는 키'],
  CLOCK_SKEW: ["The provider's clock is ahead", '발송 업체 시계가 앞서 있음'],
  OWNER_GONE: ['The dispatcher died before the answer', '응답 전에 디스패처가 종료됨'],
  LOOKUP: ['The provider said so in a look-up', '발송 업체 조회 결과'],
  START_DEADLINE: ['The send did not start in time', '제때 발송을 시작하지 못함'],
  SUSPENDED: ['The process was suspended for too long', '프로세스가 너무 오래 멈춤'],
  LEDGER_UNWRITABLE: ["The provider's ledger could not be written", '원장을 쓰지 못함'],
  SMTP_NO_TOKEN: ['There was no token for the mail relay', '메일 서버 토큰 없음'],
  SMTPUTF8_NOT_OFFERED: ['The mail relay takes no such address', '메일 서버가 받지 않는 주소'],
  MESSAGE_TOO_LARGE: ['Larger than the mail relay takes', '메일 서버 한도보다 큼'],
  WARM_UP: ["The day's share of the warm-up is used up", '오늘의 워밍업 발송량 소진'],
  DOMAIN_PACE: ['It waits for its turn at the mail domain', '메일 도메인의 순서를 기다림'],
  TURN_MISSED: ['No connection in time for its turn', '순서가 될 때까지 연결되지 않음'],
  SIMULATED: ['Refused by the simulated provider', '시뮬레이션 발송 업체가 거절'],
  LOAD_STOPPED: ['The database kept aborting its load', '데이터베이스가 읽기를 계속 중단'],
  HAND_OFF_STOPPED: ['The database kept aborting its hand-off', '데이터베이스가 전달을 계속 중단'],
  HAND_OFF_UNCONFIRMED: ['No standby confirmed its hand-off', '대기 서버의 확인 없음'],
  LMS: ['Too long for an SMS, so it went as LMS', 'SMS보다 길어 LMS로 발송'],
  BATCH_UNREADABLE: ['A record batch cannot be read', '배치를 읽을 수 없음'],
};

const endings: readonly (readonly [end: string, (way: string) => Pair])[] = [
  ['_REFUSED', (way) => [`The provider refused it for good (${way})`, `발송 업체가 영구 거절 (${way})`]],
  [
    '_SUPPRESSED',
    (way) => [`The address is on the suppression list (${way})`, `수신 차단 목록의 주소 (${way})`],
  ],
  ['_BOUNCED', (way) => [`It was accepted and came back (${way})`, `접수 후 반송됨 (${way})`]],
];

/** Codes with a number: `HTTP_503` of a gateway, `SMTP_451` of a relay, `ANSWER_406` of a provider. */
function numbered(code: string): Pair | undefined {
  const [, status, own] = /^(?:(?:HTTP|SMTP)_(\d{3})|ANSWER_(\w+))$/.exec(code) ?? [];
  const number = status ?? own;
  return number === undefined ? undefined : [`The provider answered ${number}`, `발송 업체 응답 ${number}`];
}

/** A reason in words; undefined for an unknown code. */
export function reasonWords(code: string): Pair | undefined {
  if (Object.hasOwn(words, code)) return words[code];
  const [end, word] = endings.find(([ending]) => code.endsWith(ending)) ?? [];
  return end === undefined ? numbered(code) : word?.(code.slice(0, -end.length));
}
