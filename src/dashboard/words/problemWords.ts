import type { ProblemCode } from '../../api/problems/problemCodes.ts';
import type { Trouble } from '../app/askApi.ts';
import { language, type Pair, say } from './language.ts';

/** The titles of the API's problems in Korean. A code that lacks one is a type error. */
const korean: Readonly<Record<ProblemCode, string>> = {
  REQUEST_INVALID: '요청에 허용되지 않는 값이 있습니다.',
  BODY_UNREADABLE: '본문을 읽을 수 없습니다.',
  NOT_SIGNED_IN: '유효한 토큰이 없습니다. 다시 로그인하세요.',
  SIGNATURE_WRONG: '웹훅 서명이 설정된 비밀 값과 다릅니다.',
  NOT_ALLOWED: '권한이 없습니다.',
  CROSS_SITE: '다른 사이트에서 온 요청입니다.',
  APPROVAL_NEEDED: '다른 사람의 승인이 필요합니다.',
  OWN_RUN: '자신이 요청한 발송은 승인할 수 없습니다.',
  NOT_FOUND: '이 주소에는 아무것도 없습니다.',
  OUTCOMES_GONE: '이후의 결과 일부가 더 이상 보관되어 있지 않습니다.',
  BILL_NOT_FOUND: '없는 청구서입니다.',
  MEMBER_NOT_FOUND: '없는 회원입니다.',
  ACTION_NOT_FOUND: '없는 작업입니다.',
  FORECAST_NOT_FOUND: '없는 예측입니다.',
  DEAD_LETTER_NOT_FOUND: '없는 처리 불가 레코드입니다.',
  RUN_NOT_FOUND: '없는 발송입니다.',
  METHOD_NOT_ALLOWED: '이 주소에서는 할 수 없는 요청입니다.',
  TIMED_OUT: '요청이 도착하는 데 너무 오래 걸렸습니다.',
  IDEMPOTENCY_KEY_BUSY: '같은 Idempotency-Key의 첫 요청이 아직 끝나지 않았습니다.',
  ACTION_MOVED_ON: '지금 상태에서는 할 수 없는 작업입니다.',
  RUN_MOVED_ON: '지금 상태의 발송에는 할 수 없습니다.',
  RUN_CHANGED: '확인한 뒤에 발송 계획이 바뀌었습니다. 다시 확인하세요.',
  RUN_EXISTS: '같은 이름의 발송이 이미 있습니다.',
  NOT_AS_APPROVED: '승인할 때와 달라진 것이 있습니다.',
  ACTION_EXPIRED: '확인한 지 너무 오래된 작업입니다. 다시 만드세요.',
  BODY_TOO_LARGE: '본문이 너무 큽니다.',
  MEDIA_TYPE_UNKNOWN: '지원하지 않는 형식입니다.',
  IDEMPOTENCY_KEY_REUSED: '다른 요청에 쓴 Idempotency-Key입니다.',
  SELECTION_TOO_LARGE: '선택한 청구서가 너무 많습니다. 조건을 좁히세요.',
  PREVIEW_FAILED: '청구서를 만들 수 없습니다.',
  TOO_MANY_REQUESTS: '요청이 너무 많습니다. 잠시 뒤 다시 시도하세요.',
  FAULT: 'billcast 내부 오류입니다. api 프로세스의 로그를 확인하세요.',
  DATABASE_AWAY: '데이터베이스가 응답하지 않습니다. 잠시 뒤 다시 시도하세요.',
  KAFKA_AWAY: 'Kafka가 응답하지 않거나 요청을 거부했습니다.',
  NOT_IN_TIME: '응답이 너무 오래 걸렸습니다. 이미 처리되었을 수 있으니 확인한 뒤 다시 시도하세요.',
};

/** What the page finds out by itself. */
const ours: Readonly<Record<string, Pair>> = {
  UNREACHABLE: ['The server cannot be reached.', '서버에 연결되지 않습니다.'],
  NOT_ALLOWED: ['Your role may not do this.', korean.NOT_ALLOWED],
};

/**
 * The title of a problem, and in which language it is. OURS is said by the page itself. A code of a newer
 * server has its English title only.
 */
export function problemTitle({ code, title }: Pick<Trouble, 'code' | 'title'>): {
  readonly text: string;
  readonly lang?: 'en';
} {
  if (code === 'OURS') return { text: title };
  const own = ours[code];
  if (own !== undefined) return { text: say(own) };
  if (language.value === 'en') return { text: `${title}.` };
  const known: Readonly<Record<string, string>> = korean;
  const text = known[code];
  return text === undefined ? { text: `${title}.`, lang: 'en' } : { text };
}
