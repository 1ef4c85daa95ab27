import type { RunAnswer } from '../../api/contract/runsContract.ts';
import type { Pair } from '../words/language.ts';
import { rehearseWords } from './evidenceWords.ts';

export const runStateWords: Readonly<Record<RunAnswer['state'], Pair>> = {
  DRAFT: ['Waits for approval', '승인 대기'],
  APPROVED: ['Approved', '승인됨'],
  RUNNING: ['Running', '발송 중'],
  PAUSED: ['Holds', '멈춤'],
  DONE: ['Done', '완료'],
  CLOSED: ['Closed', '마감'],
};

export const runKindWords: Readonly<Record<RunAnswer['kind'], Pair>> = {
  PLANNED: ['by plan', '계획에 따라'],
  PUBLISHED: ['published at once', '바로 발행'],
  REHEARSAL: ['rehearsal', '예행연습'],
  ELSEWHERE: ['events from elsewhere', '외부 이벤트'],
};

export const phaseWords: Readonly<Record<RunAnswer['phase'], Pair>> = {
  CANARY: ['The canary is being released.', '카나리(선발송)를 내보내는 중입니다.'],
  GATE: ['The canary is out, and its gates are watched.', '카나리 결과를 확인하는 중입니다.'],
  REST: ['The rest is being released.', '나머지를 내보내는 중입니다.'],
};

export const gateWords: Readonly<Record<string, Pair>> = {
  refused: ['refused', '거절'],
  unknown: ['in doubt', '결과 불명'],
  turned: ['turned to the next channel', '채널 전환'],
  policy: ['blocked by a policy', '정책 차단'],
  failed: ['failed before the send', '발송 전 실패'],
  bounced: ['came back', '반송'],
};

/** The events of a run, by their `what`. */
export const runEventWords: Readonly<Record<string, Pair>> = {
  created: ['planned', '계획'],
  changed: ['changed: the approval is gone', '변경, 승인 취소'],
  approved: ['approved', '승인'],
  published: ['published at once', '바로 발행'],
  started: ['started', '시작'],
  canaryChosen: ['canary chosen', '카나리 선정'],
  canaryReleased: ['canary released', '카나리 발송'],
  gatesPassed: ['gates passed: the rest goes out', '확인 통과, 나머지 발송'],
  noCanary: ['no canary: the rest goes out', '카나리 없이 발송'],
  seedsSent: ['seeds sent', '시드 발송'],
  seedsFailed: ['seeds failed', '시드 발송 실패'],
  manifest: ['manifest made', '매니페스트 생성'],
  paused: ['held', '멈춤'],
  resumed: ['resumed', '재개'],
  deadlineInDanger: ['the deadline is in danger', '마감 시각 위험'],
  deadlinePassed: ['the deadline has passed', '마감 시각 지남'],
  signed: ['report signed', '보고서 서명'],
  done: ['done', '완료'],
  closed: ['closed', '마감'],
};

export const runWords = {
  intro: [
    'Each month that goes out: planned, approved, tried on a few, released and signed off.',
    '월 발송을 계획하고 승인하고, 일부로 확인한 뒤 발송하고 마감합니다.',
  ],
  none: ['There are no runs yet.', '아직 발송이 없습니다.'],
  released: ['Released', '발행'],
  hold: ['Holds because', '멈춘 이유'],
  end: ['Expected end', '예상 종료'],
  deadline: ['Deadline', '마감 시각'],
  late: ['after the deadline', '마감 시각 이후'],
  unknown: ['not known', '알 수 없음'],
  asked: ['Asked for', '요청'],
  approved: ['Approved', '승인'],
  started: ['Started', '시작'],
  done: ['Done', '완료'],
  closed: ['Closed', '마감'],
  canary: ['Canary', '카나리 (선발송)'],
  noCanary: ['none: all bills are released at once', '없음: 한 번에 발송'],
  gates: ['Gates', '확인 기준'],
  gatesHelp: [
    'Above a limit the run holds and says why, with no more out than its canary.',
    '상한을 넘으면 카나리만 나간 상태로 멈추고 이유를 표시합니다.',
  ],
  gate: ['Of the canary', '카나리 중'],
  limit: ['At most', '상한'],
  seen: ['Seen', '확인됨'],
  notSeen: ['not judged yet', '아직 확인 전'],
  wait: ['waits', '대기'],
  minutes: ['min', '분'],
  rest: ['the rest goes out', '나머지 발송'],
  auto: ['by itself', '자동'],
  person: ['when a person says so', '담당자 확인 후'],
  windows: ['Send windows', '발송 시간대'],
  always: ['at any time', '언제든지'],
  pace: ['Bills per second', '초당 건수'],
  fast: ['as fast as it goes', '최대 속도'],
  notBefore: ['Not before', '시작 시각'],
  bills: ['Bills', '청구서'],
  selection: ['Selection', '대상'],
  named: ['named bills', '지정한 청구서'],
  templates: ['Templates', '템플릿'],
  seeds: ['Seeds', '시드'],
  seedsFirst: ['the seed addresses get bills first', '시드 주소에 먼저 발송'],
  plan: ['Plan', '계획'],
  proposal: ['What is approved with the plan', '계획과 함께 승인되는 내용'],
  noForecast: [
    'Nobody made a forecast of these bills before the run was planned.',
    '이 발송을 계획하기 전에 예측하지 않았습니다.',
  ],
  amount: ['Sum of amounts', '청구 금액 합계'],
  severalCurrencies: ['In several currencies', '여러 통화'],
  overlap: ['Also in another run', '다른 발송과 겹침'],
  events: ['What happened', '이력'],
  hash: ['Fingerprint', '지문'],
  hashHelp: ['of plan and proposal: what is approved', '승인되는 계획과 제안'],
  report: ['Report', '보고서'],
  own: [
    'You asked for this run, so somebody else must approve it.',
    '직접 요청한 발송이므로 다른 사람이 승인해야 합니다.',
  ],
} as const satisfies Record<string, Pair>;

/** What people can do to a run: the button, the effect, and the announcement when it is done. */
export const runVerbWords = {
  rehearse: rehearseWords,
  approve: {
    button: ['Approve', '승인'],
    effects: [
      [
        'Just the plan that you see is approved. Nothing goes out until it is started.',
        '보이는 계획만 승인되며, 시작해야 발송됩니다.',
      ],
      ['If somebody changes it, the approval is gone.', '계획이 바뀌면 승인은 취소됩니다.'],
    ],
    done: ['The run is approved.', '승인했습니다.'],
  },
  start: {
    button: ['Start', '시작'],
    effects: [
      [
        'Its bills are released by the dispatchers: the canary first, if the plan has one.',
        '디스패처가 청구서를 발행하며, 카나리가 있으면 먼저 나갑니다.',
      ],
      ['What is sent cannot be called back.', '발송된 것은 되돌릴 수 없습니다.'],
    ],
    done: ['The run is started.', '시작했습니다.'],
  },
  pause: {
    button: ['Pause the run', '발송 멈춤'],
    effects: [
      [
        'Nothing more of this run is released. What is released goes out.',
        '더 이상 발행하지 않으며, 이미 발행된 것은 발송됩니다.',
      ],
    ],
    done: ['The run holds.', '멈췄습니다.'],
  },
  resume: {
    button: ['Resume the run', '발송 재개'],
    effects: [
      ['It goes on from where it held.', '멈춘 곳부터 계속합니다.'],
      [
        'If a gate holds it, this overrules the gate: say why.',
        '확인 기준으로 멈춘 경우 기준을 무시하므로 사유를 적으세요.',
      ],
    ],
    done: ['The run goes on.', '재개했습니다.'],
  },
  overrule: {
    button: ['Overrule the gate', '기준 무시하고 재개'],
    effects: [
      [
        'The rest of the run goes out although a gate holds it: say why.',
        '확인 기준에 걸렸지만 나머지를 발송합니다. 사유를 적으세요.',
      ],
      ['The one who asked for the run cannot do it.', '발송을 요청한 사람은 할 수 없습니다.'],
    ],
    done: ['The run goes on.', '재개했습니다.'],
  },
  sign: {
    button: ['Sign the report', '보고서 서명'],
    effects: [
      [
        'The report is kept as it is now, and the run is closed. It cannot be taken back.',
        '지금의 보고서를 보관하고 발송을 마감합니다. 되돌릴 수 없습니다.',
      ],
      [
        'If a check of the report fails, say why you still sign it.',
        '보고서 점검이 맞지 않으면 서명하는 이유를 적으세요.',
      ],
    ],
    done: ['The report is signed.', '서명했습니다.'],
  },
  close: {
    button: ['Close the run', '발송 마감'],
    effects: [
      [
        'A draft is thrown away. Of a run that holds, the rest stays held for another run.',
        '초안은 버려지고, 멈춘 발송의 나머지는 보류로 남습니다.',
      ],
      ['Closed is final.', '마감은 되돌릴 수 없습니다.'],
    ],
    done: ['The run is closed.', '마감했습니다.'],
  },
} as const satisfies Record<
  string,
  { readonly button: Pair; readonly effects: readonly Pair[]; readonly done: Pair }
>;

export const planWords = {
  title: ['Plan a run', '발송 계획'],
  intro: [
    'First look at what the month will become, then plan it. Nothing goes out until it is approved and started.',
    '먼저 예측을 확인한 뒤 계획하세요. 승인하고 시작하기 전에는 발송되지 않습니다.',
  ],
  canary: ['Canary, percent of the bills', '카나리, 전체의 %'],
  canaryHelp: ['What goes out first. Empty: all at once', '먼저 나갈 비율. 비우면 한 번에 발송'],
  wait: ['Watch the canary for, minutes', '카나리 확인 시간 (분)'],
  release: ['Then the rest goes out', '이후 나머지 발송'],
  pace: ['Bills per second', '초당 건수'],
  paceHelp: ['Empty: as fast as the providers take them', '비우면 발송 업체가 받는 속도로'],
  deadline: ['Deadline', '마감 시각'],
  notBefore: ['Not before', '시작 시각'],
  zoneHelp: ['In the time zone of this device', '이 기기의 시간대 기준'],
  from: ['Send from', '발송 시작 시각'],
  to: ['Send until', '발송 종료 시각'],
  windowHelp: ['In the time zone of the bills. Empty: at any time', '청구서의 시간대 기준. 비우면 언제든지'],
  weekdays: ['Only from Monday to Friday', '월요일부터 금요일까지만'],
  seeds: ['Send to the seed addresses first', '시드 주소에 먼저 발송'],
  sample: ['Look at about 20,000 bills only (faster)', '약 20,000건만 확인 (빠름)'],
  forecast: ['Make the forecast', '예측하기'],
  again: ['Make it again', '다시 예측'],
  create: ['Plan this run', '이대로 계획'],
  afterForecast: ['After the forecast of this month', '이 달의 예측을 본 뒤에 가능'],
} as const satisfies Record<string, Pair>;
