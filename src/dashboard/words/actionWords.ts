import type { Action } from '../../api/contract/actionsContract.ts';
import type { Pair } from './language.ts';
import { stateWords } from './stateWords.ts';

export const actionKindWords: Readonly<Record<Action['kind'], Pair>> = {
  retry: ['Retry', '재시도'],
  resend: ['Send again', '재발송'],
  resolve: ['Settle doubts', '결과 확정'],
  cancel: ['Cancel', '취소'],
  bounce: ['Record bounces', '반송 처리'],
};

export const actionStateWords: Readonly<Record<Action['state'], Pair>> = {
  COLLECTING: ['Looking at the bills', '대상 확인 중'],
  READY: ['Ready to start', '시작 가능'],
  RUNNING: ['Running', '실행 중'],
  STOPPING: ['Stopping', '중지 중'],
  STOPPED: ['Stopped', '중지됨'],
  DONE: ['Done', '완료'],
  FAILED: ['Failed', '실패'],
  EXPIRED: ['Expired', '만료됨'],
};

export const actionWords = {
  intro: [
    'What people did to many bills: what it saw, what it moved, and what it left alone.',
    '여러 청구서에 대한 작업과 그 결과입니다.',
  ],
  none: ['There are no actions yet.', '작업이 없습니다.'],
  kind: ['Action', '작업'],
  progress: ['Progress', '진행'],
  skipped: ['left alone, because they had changed', '변경되어 제외됨'],
  selected: ['Selected', '선택'],
  eligible: ['Will be moved', '처리 대상'],
  found: ['Could be moved', '처리 대상'],
  refusedBefore: ['Of these, to an address refused for good', '이 중 영구 거절된 주소'],
  uncounted: [
    'not counted for so many: `billcast retry --dry-run` counts them',
    '건수가 많아 세지 않음: `billcast retry --dry-run`으로 확인하세요',
  ],
  notEligible: ['Left alone', '제외'],
  sample: ['The first of them', '예시'],
  asOf: ['Looked at', '확인 시각'],
  expires: ['May be started until', '시작 가능 기한'],
  pace: ['Bills per second', '초당 건수'],
  paceHelp: ['Empty: as fast as it goes', '비우면 최대 속도'],
  stop: ['Stop', '중지'],
  stopped: ['The action stops.', '작업을 중지합니다.'],
  stopEffect: [
    'No more bills are moved. Those that were moved stay moved.',
    '더 이상 처리하지 않습니다. 이미 처리된 것은 유지됩니다.',
  ],
  exact: [
    'Just these bills are moved. A bill that changes until then is left alone.',
    '확인한 청구서만 처리하며, 그 사이에 바뀐 것은 제외합니다.',
  ],
  nothing: ['None of these bills can be moved.', '처리할 수 있는 청구서가 없습니다.'],
  refused: ['Also ask addresses that were refused for good', '영구 거절된 주소에도 다시 발송'],
  preview: ['Look first', '먼저 확인'],
  requested: ['Asked for', '요청'],
  started: ['Started', '시작'],
  finished: ['Finished', '종료'],
  details: ['What was asked for', '요청 내용'],
} as const satisfies Record<string, Pair>;

/** Why an action leaves a bill alone: by its state, or by a code that only actions have. */
const leftAlone: Readonly<Record<string, Pair>> = {
  ...stateWords,
  MONTH_CLOSED: ['its month is closed', '마감된 달'],
  DEAD_LETTER_OWED: ['its dead letter is not published yet', '처리 불가 레코드 발행 전'],
  NOT_FOUND: ['there is no such bill', '없는 청구서'],
  notPending: ['not due any more', '발송 대기가 아님'],
  byEmail: ['goes by the first channel already', '이미 첫 채널로 발송'],
  held: ['held', '보류'],
  notDelivered: ['was not accepted', '접수된 적 없음'],
  deliveredBySms: ['was accepted by the last channel', '마지막 채널로 접수됨'],
  notSentByBillcast: ['was not sent by billcast', 'billcast가 보내지 않음'],
  otherAttempt: ['the report is about another attempt', '다른 시도에 대한 반송'],
};

/** An unknown code, of a newer billcast, is shown as it is. */
export function leftAloneWord(reason: string): Pair {
  return leftAlone[reason] ?? [reason, reason];
}
