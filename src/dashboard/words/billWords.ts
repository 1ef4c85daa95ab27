import type { BillExplanation } from '../../api/contract/billsContract.ts';
import type { Pair } from './language.ts';

export const billWords = {
  next: ['What comes next', '다음 단계'],
  history: ['What happened', '처리 이력'],
  raw: ['The answers as they came', '원본 응답'],
  english: ['In detail, in English', '자세한 설명 (영어)'],
  noHistory: ['Nothing has happened yet.', '아직 처리 이력이 없습니다.'],
  preview: ['As it goes out, masked', '발송 미리보기 (마스킹)'],
  previewNote: ['That you looked is recorded.', '조회 사실이 기록됩니다.'],
  email: ['Page', '본문'],
  text: ['Text', '텍스트'],
  short: ['Short message', '문자'],
  reveal: ['Reveal contact…', '연락처 보기…'],
  revealTitle: ['Reveal the contact', '연락처 보기'],
  revealEffect: [
    'The name, the addresses and the payment data of this member are shown to you.',
    '회원의 이름, 연락처, 결제 정보를 표시합니다.',
  ],
  revealRecorded: [
    'Who looked, when, from where and why is recorded, and is reviewed each month.',
    '누가, 언제, 어디서, 왜 조회했는지 기록되며 매월 점검합니다.',
  ],
  revealed: ['The contact is shown.', '연락처를 표시합니다.'],
  hide: ['Hide', '숨기기'],
  unreadable: ['Could not be opened', '열 수 없음'],
  retry: ['Retry…', '재시도…'],
  resend: ['Send again…', '재발송…'],
  settle: ['Settle…', '결과 확정…'],
  cancelBill: ['Cancel…', '취소…'],
  noRow: ['There is no such bill.', '없는 청구서입니다.'],
  tooLate: ['too late: it changed nothing', '늦은 응답, 변경 없음'],
  outcome: ['Outcome', '결과'],
  answer: ['Answer or reason', '응답 또는 사유'],
  carrier: ['Provider', '발송 업체'],
  id: ['Id at the provider', '발송 업체 번호'],
  from: ['Began', '시작'],
  took: ['Took', '소요'],
  name: ['Name', '이름'],
  emailAddress: ['E-mail', '이메일'],
  phone: ['Phone', '전화'],
  address: ['Address', '주소'],
  payer: ['Payer', '납부자'],
  paymentNumber: ['Payment number', '결제 번호'],
  member: ['Member', '회원'],
  dispatcher: ['Dispatcher', '디스패처'],
} as const satisfies Record<string, Pair>;

type Next = BillExplanation['next'];

/** Who does the next step. */
export const doers: Readonly<Record<Next['by'], Pair>> = {
  nobody: ['nobody', '없음'],
  person: ['a person', '담당자'],
  dispatcher: ['a dispatcher', '디스패처'],
  provider: ['the provider', '발송 업체'],
  relay: ['the relay', '릴레이'],
  sweeper: ['the sweeper', '스위퍼'],
};

/** The next step in Korean; in English the API says it with more facts. */
export const stepsInKorean: Readonly<Record<Next['step'], string>> = {
  NOTHING: '더 할 일이 없습니다.',
  RELEASE: '담당자가 발행해야 합니다.',
  RESUME: '담당자가 발송을 재개해야 합니다.',
  START_DISPATCHER: '디스패처를 시작해야 합니다.',
  WAIT: '예정된 시각까지 기다립니다.',
  PUBLISH: '이벤트를 발행합니다.',
  CLAIM: '디스패처가 가져갑니다.',
  HAND_OFF: '발송 업체에 전달합니다.',
  ANSWER: '발송 업체의 응답을 기다립니다.',
  TAKE_BACK: '멈춘 디스패처에게서 회수합니다.',
  DOUBT: '응답이 없으면 결과 불명으로 바뀝니다.',
  LOOKUP: '발송 업체에 결과를 확인합니다.',
  DEAD_LETTER: '처리 불가 레코드를 발행합니다.',
  NEXT_CYCLE: '다음 회차를 자동으로 시작합니다.',
  RETRY: '원인을 고친 뒤 담당자가 재시도해야 합니다.',
};

/** What happened, by the outcome of the journal. */
export const outcomesInKorean: Readonly<Record<string, string>> = {
  ACCEPTED: '발송 업체가 접수',
  REFUSED: '발송 업체가 영구 거절',
  NOT_SENT: '발송되지 않음, 다시 시도 예정',
  UNKNOWN: '전달했으나 결과 불명',
  NEVER: '발송 업체가 받지 못함, 다시 발송 예정',
  UNPREPARABLE: '메시지를 만들 수 없음',
  NOT_ASKED: '이전에 영구 거절된 주소라 발송하지 않음',
  QUIET: '방해 금지 시간이라 미룸',
  RETRANSMITTED: '실패 후 자동으로 새 회차 시작',
  RETRIED: '담당자가 재시도',
  ASKED_AGAIN: '담당자가 거절된 주소까지 재시도',
  RESENT: '담당자가 재발송',
  BOUNCED: '담당자가 반송을 기록',
  TURNED_BACK: '담당자가 이전 채널로 되돌림',
  CANCELLED: '취소',
  RESOLVED_DELIVERED: '담당자가 접수 완료로 확정',
  RESOLVED_RESEND: '담당자가 다시 발송으로 확정',
  RESOLVED_FAILED: '담당자가 실패로 확정',
};
