import type { ToldCode } from '../../api/contract/toldContract.ts';
import { counted, type Pair } from './language.ts';
import { type Fact, type Phrase, reasonPair } from './toldFact.ts';

/** Why a brake is on, and the pace of a provider. */
export const toldBrakeWords = {
  TURN_SHARE: [
    (f) => `${f('bills')} of ${counted(f('of'), 'bill')} turn to the next channel`,
    (f) => `${f('of')}건 중 ${f('bills')}건이 다음 채널로 넘어감`,
  ],
  TURN_SHARE_OF_LAST: [
    (f) => `${f('bills')} of the last ${counted(f('of'), 'bill')} turn to the next channel`,
    (f) => `최근 ${f('of')}건 중 ${f('bills')}건이 다음 채널로 넘어감`,
  ],
  REFUSED_SHARE: [
    (f) => `${f('bills')} of ${counted(f('of'), 'bill')} were refused`,
    (f) => `${f('of')}건 중 ${f('bills')}건이 거절됨`,
  ],
  REFUSED_SHARE_OF_LAST: [
    (f) => `${f('bills')} of the last ${counted(f('of'), 'bill')} were refused`,
    (f) => `최근 ${f('of')}건 중 ${f('bills')}건이 거절됨`,
  ],
  RETURN_SHARE: [
    (f) => `${f('bills')} of ${f('of')} accepted messages came back, and their bills would go on`,
    (f) => `접수된 ${f('of')}건 중 ${f('bills')}건이 반송되어 다음 채널로 넘어가려 함`,
  ],
  SEEN_ELSEWHERE: [
    () => 'The log of the other dispatchers has the cause',
    () => '원인은 다른 디스패처의 로그에 있음',
  ],
  PACE: [(f) => `${f('perSecond')} bills per second`, (f) => `초당 ${f('perSecond')}건`],
} as const satisfies Partial<Record<ToldCode, Phrase>>;

/** The result of a send. */
export const toldSendWords = {
  HTTP: [
    (f) => `The provider answered ${f('status')}${quoted(f('words'))}`,
    (f) => `발송 업체 응답 ${f('status')}${quoted(f('words'))}`,
  ],
  SMTP: [
    (f) => `The mail server answered ${f('status')}${quoted(f('words'))}`,
    (f) => `메일 서버 응답 ${f('status')}${quoted(f('words'))}`,
  ],
  SYSTEM: [(f) => systemText(f)[0], (f) => systemText(f)[1]],
  NO_CONNECTION: [(f) => `No connection to ${f('host')}`, (f) => `${f('host')}에 연결되지 않음`],
  CONNECT_TIME_OUT: [
    (f) => `No connection in time to ${f('host')}`,
    (f) => `${f('host')}에 제때 연결되지 않음`,
  ],
  CLOSED: [(f) => `${f('host')} closed the connection`, (f) => `${f('host')}에서 연결을 닫음`],
  STOPPED: [
    (f) => `Stopped, no more sends to ${f('host')}`,
    (f) => `종료 중이라 ${f('host')}에 더 보내지 않음`,
  ],
  NO_ANSWER: [(f) => `No answer in time from ${f('host')}`, (f) => `${f('host')}의 응답 시간 초과`],
  REFUSED_UNREAD: [
    (f) => `${f('host')} refused it unread, by HTTP/2`,
    (f) => `${f('host')}에서 읽지 않고 거절함 (HTTP/2)`,
  ],
  OTHER_KEY: [
    (f) => `The provider answered ${f('status')} with the key of another message`,
    (f) => `발송 업체 응답 ${f('status')}: 다른 메시지의 키`,
  ],
  CLOCK: [
    (f) => `The clock of the provider is ${f('seconds')} s ahead of ours: set both by NTP`,
    (f) => `발송 업체 시계가 ${f('seconds')}초 앞서 있음: 양쪽 모두 NTP로 맞추세요`,
  ],
  NOT_IN_BATCH: [
    () => 'The answer to the batch does not name this message',
    () => '묶음 응답에 이 메시지가 없음',
  ],
  NO_SMTPUTF8: [() => 'The mail server offers no SMTPUTF8', () => '메일 서버가 SMTPUTF8을 지원하지 않음'],
  MAIL_TOO_LARGE: [
    (f) => `The mail server takes ${f('bytes')} bytes at most`,
    (f) => `메일 서버 한도 ${f('bytes')}바이트 초과`,
  ],
  PROVIDER_THREW: [() => 'The provider module threw', () => '발송 업체 모듈 오류'],
  REASON: [
    (f) => `${reasonPair(f('reason'))[0]} (${f('reason')})`,
    (f) => `${reasonPair(f('reason'))[1]} (${f('reason')})`,
  ],
  WORDS: [(f) => f('words'), (f) => f('words')],
} as const satisfies Partial<Record<ToldCode, Phrase>>;

/** A provider's words, after ours. */
function quoted(words: string): string {
  return words === '' ? '' : `: ${words}`;
}

const systemWords: Readonly<Record<string, Pair>> = {
  ECONNREFUSED: ['refused the connection', '연결을 거부함'],
  ECONNRESET: ['broke the connection', '연결을 끊음'],
  EPIPE: ['broke the connection', '연결을 끊음'],
  ETIMEDOUT: ['did not answer in time', '제때 응답하지 않음'],
  ENOTFOUND: ['is not a known host', '알 수 없는 호스트'],
  EAI_AGAIN: ['cannot be looked up now', '지금 조회할 수 없는 호스트'],
  EHOSTUNREACH: ['cannot be reached', '도달할 수 없음'],
  ENETUNREACH: ['cannot be reached', '도달할 수 없음'],
  CERT_HAS_EXPIRED: ['has an expired certificate', '인증서 만료'],
};

function systemText(fact: Fact): Pair {
  const [english, korean] = systemWords[fact('error')] ?? ['cannot be used', '사용할 수 없음'];
  return [`${fact('host')} ${english} (${fact('error')})`, `${fact('host')}: ${korean} (${fact('error')})`];
}
