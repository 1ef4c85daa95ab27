import type { AccessRecord } from '../../api/contract/auditContract.ts';
import type { Pair } from './language.ts';

export const auditWords = {
  intro: [
    'Every change, and every look at something sealed. Each record holds the hash of the one before.',
    '모든 변경과 개인정보 조회 기록입니다. 각 기록은 이전 기록의 해시를 포함합니다.',
  ],
  what: ['What', '무엇을'],
  whose: ['Whose bill', '대상 청구서'],
  from: ['From', '접속 위치'],
  result: ['Result', '결과'],
  intact: ['The chain is intact. Records:', '기록 사슬이 온전합니다. 기록 수:'],
  broken: ['The chain is broken at record', '기록 사슬이 끊긴 위치:'],
  unusual: ['Unusual first', '특이 사항'],
  nothingUnusual: ['Nothing unusual.', '특이 사항이 없습니다.'],
  times: ['Times', '횟수'],
  none: ['There are no records.', '기록이 없습니다.'],
  records: ['Records', '기록'],
} as const satisfies Record<string, Pair>;

/** How an access ended. */
export const auditResults: Readonly<Record<AccessRecord['result'], Pair>> = {
  begun: ['begun', '시작'],
  done: ['done', '완료'],
  refused: ['refused', '거부'],
  failed: ['failed', '실패'],
};

/** Why an access is unusual, by the API's English text. */
export const unusualInKorean: Readonly<Record<string, string>> = {
  'was not allowed to, and tried': '권한 없이 시도함',
  'gave somebody access': '다른 사람에게 권한을 줌',
  'far more often than others': '다른 사람보다 훨씬 자주',
  'at night or on a weekend': '야간 또는 주말',
  'for the first time': '처음',
};
