import { counted, type Pair } from './language.ts';

type Phrase = Pair<(text: string) => string>;

export const failuresWords = {
  intro: [
    'Failed bills by their reason, the largest group first.',
    '실패한 청구서를 사유별로, 많은 순서로 보여 줍니다.',
  ],
  group: ['Reason', '사유'],
  bills: ['Bills', '건수'],
  byThemselves: ['Start over by themselves', '자동 재시도'],
  first: ['First seen', '처음'],
  last: ['Last seen', '마지막'],
  retry: ['Retry these…', '재시도…'],
  none: ['No bill has failed.', '실패한 청구서가 없습니다.'],
  sample: ['A few of them', '예시'],
} as const satisfies Record<string, Pair>;

export const searchWords = {
  member: ['Member id, e-mail or phone', '회원 번호, 이메일 또는 전화번호'],
  from: ['Changed from', '변경 시작'],
  before: ['Changed before', '변경 종료'],
  search: ['Search', '검색'],
  clear: ['Clear', '지우기'],
  any: ['any', '전체'],
  due: ['Looked at next', '다음 처리'],
  attempts: ['Attempts', '시도'],
  none: ['No bill meets these conditions.', '조건에 맞는 청구서가 없습니다.'],
  start: ['Give a condition, or search for all bills.', '조건을 입력하거나 전체를 검색하세요.'],
  private: [
    'Member ids and contacts stay out of the address of this page.',
    '회원 번호와 연락처는 주소에 남지 않습니다.',
  ],
  nobody: ['No member has this contact.', '이 연락처의 회원이 없습니다.'],
  notComplete: [
    'Not all members have been looked at yet, so some may be missing.',
    '아직 모든 회원을 확인하지 않아 누락될 수 있습니다.',
  ],
} as const satisfies Record<string, Pair>;

export const searchPhrases = {
  partly: [
    (rows: string) =>
      `Looked at ${counted(rows, 'row')}, and there are more. The next page goes on from there.`,
    (rows: string) => `${rows}행을 확인했으며 더 있습니다. 다음 페이지에서 이어집니다.`,
  ],
  complete: [
    (rows: string) => `All rows were looked at (${rows}).`,
    (rows: string) => `모든 행을 확인했습니다 (${rows}행).`,
  ],
} as const satisfies Record<string, Phrase>;

export const memberPhrases = {
  found: [
    (members: string) =>
      members === '1' ? 'One member has this contact.' : `${members} members have this contact:`,
    (members: string) => `이 연락처의 회원은 ${members}명입니다.`,
  ],
  asOf: [
    (at: string) => `All members were looked at on ${at}.`,
    (at: string) => `${at}에 모든 회원을 확인했습니다.`,
  ],
} as const satisfies Record<string, Phrase>;

export const doubtsWords = {
  intro: [
    'Nobody knows whether the provider took these. Ask the provider about the key, then settle them.',
    '발송 업체가 받았는지 알 수 없는 청구서입니다. 키로 발송 업체에 확인한 뒤 처리하세요.',
  ],
  key: ['Key at the provider', '발송 업체 키'],
  lookup: ['Asked next', '다음 조회'],
  noLookup: ['cannot be asked', '조회 불가'],
  settle: ['Settle…', '처리…'],
  settleAll: ['Settle all…', '전체 처리…'],
  none: ['No bill is in doubt.', '결과 불명인 청구서가 없습니다.'],
  verdict: ['What is known', '확인된 결과'],
  delivered: ['The provider took them: they are accepted.', '발송 업체가 받았음: 접수 완료로 처리'],
  resend: [
    'The provider never got them: they go out again, in their next cycle.',
    '발송 업체가 받지 못함: 다음 회차로 다시 발송',
  ],
  failed: ['Give them up: they fail.', '포기: 실패로 처리'],
  resendWarning: [
    'If the provider did get them after all, their members get two.',
    '발송 업체가 실제로 받았다면 회원이 두 번 받게 됩니다.',
  ],
} as const satisfies Record<string, Pair>;

export const lettersWords = {
  intro: [
    'Records that could not be used. Failed bills are under Failures.',
    '처리할 수 없었던 레코드입니다. 실패한 청구서는 실패 페이지에 있습니다.',
  ],
  record: ['Record', '레코드'],
  received: ['Received', '수신'],
  published: ['Dead letter', '처리 불가 발행'],
  owed: ['still owed', '발행 대기'],
  replayed: ['Replayed', '다시 발행'],
  look: ['Look…', '보기…'],
  lookTitle: ['Look at a record', '레코드 보기'],
  lookEffect: [
    'A record may hold anything, also personal data. That you looked is recorded.',
    '개인정보가 있을 수 있습니다. 조회 사실이 기록됩니다.',
  ],
  replay: ['Replay…', '다시 발행…'],
  replayTitle: ['Replay a record', '레코드 다시 발행'],
  replayEffect: [
    'Its bytes are published to its topic again. If nothing was fixed, it comes back here.',
    '같은 내용을 토픽에 다시 발행합니다. 원인이 그대로면 다시 여기로 옵니다.',
  ],
  replayDone: ['The record was published again.', '레코드를 다시 발행했습니다.'],
  key: ['Key', '키'],
  value: ['Value', '값'],
  none: ['No record is here.', '처리 불가 레코드가 없습니다.'],
  gone: ['Its bytes are gone: the topic has deleted them.', '토픽에서 삭제되어 내용이 없습니다.'],
} as const satisfies Record<string, Pair>;

export const providersWords = {
  intro: [
    'Each channel has a brake, and each of several providers too.',
    '채널마다 발송 업체와 브레이크가 있습니다.',
  ],
  provider: ['Provider', '발송 업체'],
  quietHours: ['Quiet hours', '방해 금지 시간'],
  waits: ['waits for their end', '끝날 때까지 대기'],
  goesOut: ['sends all the same', '상관없이 발송'],
  brake: ['Brake', '브레이크'],
  on: ['on', '걸림'],
  off: ['off', '해제'],
  pace: ['sends at the pace of the provider', '발송 업체 속도에 맞춰 발송'],
  cause: ['Cause', '원인'],
  trials: ['Bills tried since', '이후 시험 발송'],
  nextTrial: ['Next trial', '다음 시험'],
  person: ['Stays on until a person releases it', '사람이 해제할 때까지 유지'],
  itself: ['Releases itself when a trial is accepted', '시험 발송이 접수되면 자동 해제'],
  release: ['Release…', '해제…'],
  lastResumed: ['Last resumed', '마지막 재개'],
} as const satisfies Record<string, Pair>;

export const dispatchersWords = {
  intro: ['Processes that send, and how far they are behind.', '발송 프로세스와 처리 지연입니다.'],
  name: ['Name', '이름'],
  started: ['Started', '시작'],
  heard: ['Last heard of', '마지막 신호'],
  alive: ['alive', '정상'],
  silent: ['silent', '응답 없음'],
  batches: ['Batches in hand', '처리 중인 배치'],
  bills: ['Bills in hand', '처리 중인 청구서'],
  none: ['No dispatcher has been heard of.', '디스패처가 없습니다.'],
  lag: ['Lag by partition', '파티션별 지연'],
  topic: ['Topic', '토픽'],
  partition: ['Partition', '파티션'],
  behind: ['Behind', '지연'],
  next: ['Next offset', '다음 오프셋'],
  end: ['End', '끝'],
  total: ['in all', '전체'],
} as const satisfies Record<string, Pair>;
