import type { ReceiptWord, ReportEnd } from '../../../db/runs/reportRows.ts';
import type { CheckName } from './reportFacts.ts';

export const reportLanguages = ['en', 'ko'] as const;

export type ReportLanguage = (typeof reportLanguages)[number];

/** All texts on the page of a report, in one language. */
export interface ReportWords {
  readonly title: string;
  readonly run: string;
  readonly asOf: string;
  readonly open: string;
  readonly adds: string;
  readonly addsNot: string;
  readonly batch: string;
  readonly bills: string;
  readonly noAmounts: string;
  readonly channel: string;
  readonly path: string;
  readonly reason: string;
  readonly state: string;
  readonly retried: string;
  readonly provider: string;
  readonly unknownProvider: string;
  readonly messages: string;
  readonly price: string;
  readonly cost: string;
  readonly total: string;
  readonly atLeast: string;
  readonly long: string;
  readonly withoutPrice: string;
  readonly receipts: string;
  readonly domain: string;
  readonly rest: string;
  readonly withoutAddress: string;
  readonly unreadable: string;
  readonly outside: string;
  readonly noRow: string;
  readonly elsewhere: string;
  readonly checks: string;
  readonly holds: string;
  readonly holdsNot: string;
  readonly statements: string;
  readonly theirs: string;
  readonly ours: string;
  readonly matched: string;
  readonly onlyTheirs: string;
  readonly otherRuns: string;
  readonly onlyOurs: string;
  readonly otherwise: string;
  readonly signedBy: string;
  readonly note: string;
  readonly notSigned: string;
  readonly differs: string;
  readonly ends: Readonly<Record<ReportEnd, string>>;
  readonly words: Readonly<Record<ReceiptWord, string>>;
  readonly checkNames: Readonly<Record<CheckName, string>>;
}

const english: ReportWords = {
  title: 'Report',
  run: 'Run',
  asOf: 'As of',
  open: 'It is not over: bills wait, are on their way or are sent again, so these numbers will change.',
  adds: 'The sums add up.',
  addsNot: 'The sums do not add up. See the checks below.',
  batch: 'Billing batch',
  bills: 'Bills',
  noAmounts: 'The source gives no amounts: put an amounts.sql into SOURCE_DIR.',
  channel: 'Channel',
  path: 'Way',
  reason: 'Reason',
  state: 'State',
  retried: 'of these sent again by themselves',
  provider: 'Provider',
  unknownProvider: 'nobody, or not known',
  messages: 'Accepted messages',
  price: 'Price',
  cost: 'Cost',
  total: 'Total',
  atLeast: 'at least, since it is not known of all messages whether they were long and what that costs,',
  long: 'of these long (LMS)',
  withoutPrice: 'accepted messages without a price in the settings',
  receipts: 'What providers said of the delivered bills later',
  domain: 'E-mail domain',
  rest: 'other domains',
  withoutAddress: 'no e-mail address',
  unreadable: 'address cannot be read',
  outside: 'Not of this batch',
  noRow: 'billed, but never given to billcast',
  elsewhere: 'of another run, or not released by it',
  checks: 'Checks',
  holds: 'holds',
  holdsNot: 'DOES NOT HOLD',
  statements: "The providers' own statements",
  theirs: 'Theirs',
  ours: 'Ours',
  matched: 'In both',
  onlyTheirs: 'Only theirs',
  otherRuns: 'of other runs',
  onlyOurs: 'Only ours',
  otherwise: 'Another id, or repeated',
  signedBy: 'Signed by',
  note: 'Their note',
  notSigned: 'Not signed off.',
  differs: 'The tables differ now from what was signed.',
  ends: {
    delivered: 'Delivered',
    failed: 'Failed',
    cancelled: 'Cancelled',
    inDoubt: 'In doubt',
    held: 'Held',
    waiting: 'Waiting',
    inProgress: 'In progress',
  },
  words: {
    confirmed: 'confirmed',
    relayed: 'passed on',
    bounced: 'came back',
    complained: 'complained about',
    none: 'no word',
  },
  checkNames: {
    windowsEqualWhole: 'Each bill is counted once',
    everyBillHasARow: 'Every billed bill was given to billcast',
    everyAmountIsKnown: 'The amount of every bill is known',
    everyDeliveryIsProved: 'Every delivered bill was accepted by a provider, or a person said so',
    nothingAcceptedTwice: 'No bill was accepted twice in one cycle',
    sameAsApproved: 'Bills and amounts are those that were approved',
  },
};

const korean: ReportWords = {
  title: '보고서',
  run: '실행',
  asOf: '기준 시각',
  open: '아직 끝나지 않았습니다. 대기, 진행 또는 재발송 예정인 청구서가 있어 숫자가 바뀝니다.',
  adds: '합계가 일치합니다.',
  addsNot: '합계가 일치하지 않습니다. 아래 점검 항목을 보십시오.',
  batch: '청구 전체',
  bills: '건수',
  noAmounts: '원본에서 금액을 읽을 수 없습니다. SOURCE_DIR에 amounts.sql을 넣으십시오.',
  channel: '채널',
  path: '경로',
  reason: '사유',
  state: '상태',
  retried: '중 자동 재발송 예정',
  provider: '발송 업체',
  unknownProvider: '없음 또는 알 수 없음',
  messages: '접수된 메시지',
  price: '단가',
  cost: '비용',
  total: '합계',
  atLeast: '최소(장문 여부나 단가를 모르는 메시지가 있음)',
  long: '이 중 장문(LMS)',
  withoutPrice: '건은 단가 설정이 없음',
  receipts: '발송된 청구서에 대한 발송 업체 수신 결과',
  domain: '이메일 도메인',
  rest: '기타 도메인',
  withoutAddress: '이메일 없음',
  unreadable: '주소를 읽을 수 없음',
  outside: '이 배치에 속하지 않음',
  noRow: '청구되었으나 billcast에 전달되지 않음',
  elsewhere: '다른 실행에 속하거나 이 실행이 내보내지 않음',
  checks: '점검',
  holds: '일치',
  holdsNot: '불일치',
  statements: '발송 업체 명세서 대조',
  theirs: '발송 업체',
  ours: 'billcast',
  matched: '양쪽',
  onlyTheirs: '발송 업체에만',
  otherRuns: '건은 다른 실행',
  onlyOurs: 'billcast에만',
  otherwise: '번호 다름 또는 중복',
  signedBy: '서명',
  note: '서명자 메모',
  notSigned: '서명되지 않음',
  differs: '서명 당시와 현재 데이터가 다릅니다.',
  ends: {
    delivered: '발송 완료',
    failed: '실패',
    cancelled: '취소',
    inDoubt: '결과 불명',
    held: '보류',
    waiting: '대기',
    inProgress: '진행 중',
  },
  words: {
    confirmed: '수신 확인',
    relayed: '중계됨',
    bounced: '반송',
    complained: '스팸 신고',
    none: '응답 없음',
  },
  checkNames: {
    windowsEqualWhole: '모든 청구서를 한 번씩 집계함',
    everyBillHasARow: '모든 청구가 billcast에 전달됨',
    everyAmountIsKnown: '모든 청구서의 금액을 앎',
    everyDeliveryIsProved: '발송 완료는 모두 발송 업체 접수 또는 담당자 확인이 있음',
    nothingAcceptedTwice: '한 회차에 두 번 접수된 청구서 없음',
    sameAsApproved: '건수와 금액이 승인된 것과 같음',
  },
};

export const reportWords: Readonly<Record<ReportLanguage, ReportWords>> = { en: english, ko: korean };
