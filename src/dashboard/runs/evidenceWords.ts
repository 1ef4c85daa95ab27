import type { Pair } from '../words/language.ts';

/** The words for rehearsals, seeds and statements on a run's page. */
export const rehearsalWords = {
  title: ['Rehearsal', '예행연습'],
  note: [
    'Bills go to DELIVER_ONLY_TO or REDIRECT_ALL_TO only, and every bill stays held.',
    'DELIVER_ONLY_TO, REDIRECT_ALL_TO로만 발송되며 모든 청구서는 보류로 남습니다.',
  ],
  none: ['Nobody has begun it.', '아직 시작하지 않았습니다.'],
  working: ['A process is at it.', '진행 중입니다.'],
  idle: [
    'It is RUNNING, and no process is at it: pause it, then rehearse again.',
    'RUNNING이지만 진행하는 프로세스가 없습니다. 멈춘 뒤 다시 시작하세요.',
  ],
  looked: ['Bills rendered', '렌더링'],
  sent: ['Sent', '발송'],
  sentBefore: ['Sent by an earlier part', '이전에 발송'],
  notListed: ['Not listed', '대상 아님'],
  beyondLimit: ['Beyond the limit', '한도 초과'],
  unpreparable: ['Would fail', '발송 전 실패'],
  refused: ['Refused', '거절'],
  notSent: ['Not sent', '미발송'],
  unknown: ['Perhaps sent', '결과 불명'],
  stopped: ['Stopped because', '멈춘 이유'],
} as const satisfies Record<string, Pair>;

export const seedWords = {
  title: ['Seed addresses', '시드 주소'],
  note: [
    'People of yours who get some bills of this run, as members get them. No bill changes by it.',
    '이 발송의 청구서 일부를 받는 사내 주소입니다. 청구서는 바뀌지 않습니다.',
  ],
  send: ['Send to the seed addresses', '시드 주소로 발송'],
  effect: [
    'Some bills of this run are sent to SEED_EMAIL and SEED_PHONE. They hold data of members.',
    '이 발송의 청구서 일부가 SEED_EMAIL, SEED_PHONE으로 발송됩니다. 회원 정보가 들어 있습니다.',
  ],
  done: ['The seeds are sent.', '시드를 발송했습니다.'],
  addresses: ['Addresses', '주소'],
  address: ['Address', '주소'],
  bill: ['Bill', '청구서'],
  outcome: ['Outcome', '결과'],
  when: ['Sent', '발송'],
  none: ['Nothing was sent to them.', '발송한 것이 없습니다.'],
} as const satisfies Record<string, Pair>;

export const statementWords = {
  title: ["Providers' statements", '발송 업체 명세'],
  note: [
    "A provider's own list of messages, as CSV, beside what we know that it accepted.",
    '발송 업체가 준 CSV 명세를 우리 기록과 비교합니다.',
  ],
  none: ['None was compared.', '비교한 명세가 없습니다.'],
  provider: ['Provider', '발송 업체'],
  file: ['CSV file', 'CSV 파일'],
  encoding: ['Encoding', '인코딩'],
  columns: ['Headings in the file (empty: a usual name)', '파일의 열 제목 (비우면 흔히 쓰는 이름)'],
  idColumn: ["Column of the provider's id", '발송 업체 번호 열'],
  keyColumn: ['Column of our key', '우리 키 열'],
  costColumn: ['Column of the price', '금액 열'],
  compare: ['Compare', '비교'],
  done: ['The statement is compared and kept.', '명세를 비교해 보관했습니다.'],
  theirs: ['Theirs', '발송 업체'],
  ours: ['Ours', '우리'],
  matched: ['In both', '일치'],
  onlyTheirs: ['Only theirs', '발송 업체만'],
  inDoubt: ['In doubt', '결과 불명'],
  onlyOurs: ['Only ours', '우리만'],
  costs: ['Their cost / ours', '발송 업체 / 우리 비용'],
} as const satisfies Record<string, Pair>;

export const rehearseWords = {
  button: ['Rehearse', '예행연습 시작'],
  effects: [
    [
      'Real bills go to DELIVER_ONLY_TO or REDIRECT_ALL_TO, and to nobody else. All of them stay held.',
      '실제 청구서가 DELIVER_ONLY_TO, REDIRECT_ALL_TO로만 나가며 모두 보류로 남습니다.',
    ],
    [
      'It goes on where it stopped: what was sent is not sent again.',
      '멈춘 곳부터 계속하며 이미 보낸 것은 다시 보내지 않습니다.',
    ],
  ],
  done: ['The rehearsal goes on.', '예행연습을 진행합니다.'],
} as const satisfies { readonly button: Pair; readonly effects: readonly Pair[]; readonly done: Pair };

export const newManifestWords = {
  button: ['Make another one', '다시 만들기'],
  effect: [
    'All accepted messages of the run are read, also those since the last manifest. The last one stays.',
    '접수된 모든 메시지를 다시 읽습니다. 이전 매니페스트는 남습니다.',
  ],
  done: ['The manifest is made.', '매니페스트를 만들었습니다.'],
} as const satisfies Record<string, Pair>;
