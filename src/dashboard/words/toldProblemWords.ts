import type { ToldCode } from '../../api/contract/toldContract.ts';
import { runStateWords } from '../runs/runWords.ts';
import { actionStateWords } from './actionWords.ts';
import { holdWord } from './bannerWords.ts';
import { counted, type Pair } from './language.ts';
import { type Fact, type Phrase, reasonPair } from './toldFact.ts';

/** Why a request of the page was refused. */
const toldIdentityWords = {
  NEEDS_ROLE: [(f) => `The role ${f('roles')} is needed`, (f) => `필요한 역할: ${koreanList(f('roles'))}`],
  ONE_BILL_ROLE: [
    () => 'This role may retry or resend one bill at a time',
    () => '이 역할은 한 번에 한 건만 재시도하거나 재발송할 수 있음',
  ],
  TOKEN_UNKNOWN: [() => 'There is no such token, or it has expired', () => '없는 토큰이거나 만료된 토큰임'],
  TOKEN_PAST: [
    () => 'It would expire in the past: choose a later time',
    () => '만료 시각이 지난 시각임: 더 늦은 시각을 고르세요',
  ],
  TOKENS_LAST: [
    () => 'Everybody on this machine is administrator until API_TOKENS is set: set it first (docs/api.md)',
    () => 'API_TOKENS가 없어 이 컴퓨터의 모든 사용자가 관리자임: 먼저 설정하세요 (docs/api.md)',
  ],
} as const satisfies Partial<Record<ToldCode, Phrase>>;

const toldBillWords = {
  ACTION_STATE: [
    (f) => `The action: ${pairOf(actionStateWords, f('state'))[0]}`,
    (f) => `작업 상태: ${pairOf(actionStateWords, f('state'))[1]}`,
  ],
  LETTER_GONE: [() => 'Its bytes are no longer there', () => '내용이 더 이상 없음'],
  LETTER_NOT_SENT: [() => 'Nothing was sent again', () => '다시 보내지 않음'],
  LETTER_PERHAPS_SENT: [
    () => 'It may have been sent, and to send it once more does no harm',
    () => '보내졌을 수 있으며 한 번 더 보내도 문제없음',
  ],
  CONTACT_FORM: [
    () => 'This is neither an e-mail address nor a phone number',
    () => '이메일 주소도 전화번호도 아님',
  ],
  KEYS_UNSET: [
    () => 'Addresses are kept as keyed hashes: set CIPHER_KEYS first',
    () => '주소는 키 해시로만 보관됨: 먼저 CIPHER_KEYS를 설정하세요',
  ],
  RENDER_FAILED: [
    (f) => `${reasonPair(f('reason'))[0]} (${f('reason')}): ${f('words')}`,
    (f) => `${reasonPair(f('reason'))[1]} (${f('reason')}): ${f('words')}`,
  ],
} as const satisfies Partial<Record<ToldCode, Phrase>>;

const toldRunRefusalWords = {
  RUN_CANNOT: [
    (f) => `The run: ${runState(f)[0]}. It cannot be ${f('verb')} now`,
    (f) => `발송 상태: ${runState(f)[1]}. 지금은 ${pairOf(verbs, f('verb'))[1]}할 수 없음`,
  ],
  RUN_NOT_DONE: [
    (f) => `The run: ${runState(f)[0]}. It must be done first`,
    (f) => `발송 상태: ${runState(f)[1]}. 먼저 완료되어야 함`,
  ],
  RUN_SEEN_OLD: [
    () => 'The run has changed meanwhile: look at it again',
    () => '그사이 발송이 바뀜: 다시 확인하세요',
  ],
  RUN_AT_ONCE: [
    () => 'It was released at once: pause all sending, or cancel bills',
    () => '한 번에 발행된 발송임: 전체 발송을 멈추거나 청구서를 취소하세요',
  ],
  RUN_NAME_TAKEN: [(f) => `${f('run')}: give it another name`, (f) => `${f('run')}: 다른 이름을 쓰세요`],
  RUN_NAME_FORM: [
    () => 'The name of a run has small letters, digits and hyphens, at most 63',
    () => '발송 이름은 영문 소문자, 숫자, 하이픈 63자까지임',
  ],
  RUN_ASKED_BY: [
    (f) => `${f('who')} asked for it: another person decides`,
    (f) => `${f('who')}의 요청이므로 다른 사람이 결정해야 함`,
  ],
  RUN_OTHER_BILLS: [
    () => 'Its bills are not those that were approved: change the run, and have it approved again',
    () => '청구서가 승인된 것과 다름: 발송을 변경하고 다시 승인을 받으세요',
  ],
  RUN_OTHER_TEMPLATES: [
    (f) => `Approved was template ${f('approved')}, and another one is here or in a dispatcher: put it back`,
    (f) => `승인된 템플릿은 ${f('approved')}인데 이 서버나 디스패처의 것은 다름: 되돌리세요`,
  ],
  RUN_EDITED: [
    () => 'Somebody changed its plan in the database by hand: change the run, and have it approved again',
    () => '데이터베이스에서 계획이 직접 바뀜: 발송을 변경하고 다시 승인을 받으세요',
  ],
  BILLS_ON_THEIR_WAY: [
    () => 'Bills still wait or are on their way: sign when it is over',
    () => '아직 대기 중이거나 발송 중인 청구서가 있음: 모두 끝난 뒤 서명하세요',
  ],
  REPORT_OFF: [
    (f) => `The report does not add up (${f('words')}). To sign it all the same, say why`,
    (f) => `보고서가 맞지 않음 (${f('words')}). 그래도 서명하려면 사유를 적으세요`,
  ],
  OVERRULE_WHY: [
    (f) => `It holds because ${holdWord(f('code'))[0]}: say why the rest may go out`,
    (f) => `멈춘 이유: ${holdWord(f('code'))[1]}. 나머지를 내보내는 사유를 적으세요`,
  ],
  SEEDS_UNSET: [
    () => 'There are no seed addresses: set SEED_EMAIL or SEED_PHONE',
    () => '시드 주소가 없음: SEED_EMAIL이나 SEED_PHONE을 설정하세요',
  ],
  SEEDS_NO_BILLS: [() => 'The run has no bills to show', () => '보여 줄 청구서가 없음'],
  SAFE_MODE: [
    (f) => `${f('setting')} is set, and members would get the bills: unset it, or rehearse`,
    (f) => `${f('setting')}이 설정된 채로는 회원에게 발송할 수 없음: 설정을 지우거나 예행연습을 하세요`,
  ],
  REHEARSAL_UNSET: [
    () => 'Set DELIVER_ONLY_TO or REDIRECT_ALL_TO first, so that no member gets a message',
    () => '회원에게 가지 않도록 먼저 DELIVER_ONLY_TO나 REDIRECT_ALL_TO를 설정하세요',
  ],
  REHEARSED_ELSEWHERE: [
    () => 'Another process is at it: pause it first, or try again in half a minute',
    () => '다른 프로세스가 진행 중임: 먼저 멈추거나 30초 뒤 다시 시도하세요',
  ],
} as const satisfies Partial<Record<ToldCode, Phrase>>;

const toldPlanRefusalWords = {
  NOTHING_SELECTED: [
    () => 'It names no bill: plan the run when the billing batch has written its bills',
    () => '해당하는 청구서가 없음: 청구 배치가 끝난 뒤 계획하세요',
  ],
  NONE_PLANNABLE: [
    (f) => `None of its bills can be planned. ${leftOut(f)[0]}`,
    (f) => `계획할 수 있는 청구서가 없음. ${leftOut(f)[1]}`,
  ],
  DEADLINE_PAST: [
    (f) => `The deadline ${f('deadline')} is past`,
    (f) => `마감 시각 ${f('deadline')}이 이미 지남`,
  ],
  DEADLINE_FIRST: [
    (f) => `Nothing goes out before ${f('opens')}, and that is after the deadline`,
    (f) => `${f('opens')} 전에는 발송되지 않는데 이는 마감 시각보다 늦음`,
  ],
} as const satisfies Partial<Record<ToldCode, Phrase>>;

const toldStatementWords = {
  STATEMENT_UNREADABLE: [
    (f) => `${f('file')} cannot be read as CSV: ${f('words')}`,
    (f) => `${f('file')}을 CSV로 읽을 수 없음: ${f('words')}`,
  ],
  STATEMENT_COLUMNS: [
    (f) => `${f('file')} has the columns ${f('columns')}, and none is known as an id or as our key`,
    (f) => `${f('file')}의 열은 ${f('columns')}: 메시지 번호나 우리 키로 알 수 있는 열이 없음`,
  ],
  STATEMENT_NO_COLUMN: [
    (f) => `${f('file')} has no column ${f('column')}: it has ${f('columns')}`,
    (f) => `${f('file')}에 ${f('column')} 열이 없음: ${f('columns')}만 있음`,
  ],
  STATEMENT_COST: [
    (f) => `Line ${f('line')}: the cost ${f('cost')} is no number`,
    (f) => `${f('line')}번째 줄: 비용 ${f('cost')}이 숫자가 아님`,
  ],
  STATEMENT_LONG: [
    (f) => `More than ${f('most')} messages: billcast run statement compares any number`,
    (f) => `메시지가 ${f('most')}건을 넘음: billcast run statement로 비교하세요`,
  ],
  STATEMENT_SLOW: [
    () => 'The database took too long, and nothing is kept: billcast run statement waits as long as it takes',
    () => '데이터베이스가 너무 오래 걸려 보관하지 않음: 끝까지 기다리는 billcast run statement를 사용하세요',
  ],
  STATEMENT_PROVIDER: [
    (f) => `${f('provider')} accepted nothing of this run, and no channel uses it. In use: ${f('known')}`,
    (f) => `${f('provider')}는 이 발송을 접수하지 않았고 쓰는 채널도 없음. 사용 중: ${f('known')}`,
  ],
} as const satisfies Partial<Record<ToldCode, Phrase>>;

export const toldProblemWords = {
  ...toldIdentityWords,
  ...toldBillWords,
  ...toldRunRefusalWords,
  ...toldPlanRefusalWords,
  ...toldStatementWords,
} as const satisfies Partial<Record<ToldCode, Phrase>>;

const verbs: Readonly<Record<string, Pair>> = {
  changed: ['changed', '변경'],
  approved: ['approved', '승인'],
  started: ['started', '시작'],
  paused: ['paused', '일시 정지'],
  resumed: ['resumed', '재개'],
  closed: ['closed', '마감'],
};

function pairOf(words: Readonly<Record<string, Pair>>, code: string): Pair {
  return words[code] ?? [code, code];
}

function runState(fact: Fact): Pair {
  return pairOf(runStateWords, fact('state'));
}

/** Why each bill of a selection is left out. */
function leftOut(fact: Fact): Pair {
  const groups: readonly (readonly [count: string, english: string, korean: string])[] = [
    [fact('gone'), 'released or cancelled already', '이미 발행되었거나 취소됨'],
    [fact('later'), 'changed after they were counted, so plan again', '집계 뒤에 바뀌어 다시 계획해야 함'],
    [fact('unregistered'), 'not registered yet', '아직 등록되지 않음'],
    [fact('unknown'), 'unknown', '알 수 없음'],
  ];
  const some = groups.filter(([bills]) => bills !== '');
  return [
    some.map(([bills, english]) => `${counted(bills, 'bill')}: ${english}`).join(' · '),
    some.map(([bills, , korean]) => `${bills}건: ${korean}`).join(' · '),
  ];
}

/** `a, b, or c` without its English word. */
function koreanList(list: string): string {
  return list.split(/,? or |, /).join(', ');
}
