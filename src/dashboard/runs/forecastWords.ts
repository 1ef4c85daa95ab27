import type { ForecastFactsShown } from '../../api/contract/forecastsContract.ts';
import { counted, type Pair } from '../words/language.ts';

export const forecastWords = {
  title: ['Forecast', '예측'],
  make: ['Forecast', '예측하기'],
  making: ['Looking at the bills', '청구서 확인 중'],
  bills: ['held bills', '보류 중인 청구서'],
  noBills: ['This month has no held bills.', '이 달에는 보류 중인 청구서가 없습니다.'],
  duration: ['duration', '예상 소요'],
  cost: ['cost', '예상 비용'],
  costUnknown: ['cost, not known: no prices are set', '비용 알 수 없음: 단가 설정 없음'],
  durationUnknown: ['duration, not known', '소요 시간 알 수 없음'],
  turned: ['by another channel', '다른 채널로'],
  failing: ['would fail', '실패 예상'],
  durations: ['Duration', '소요 시간'],
  onTop: ['send windows and quiet hours come on top', '발송 시간대와 방해 금지 시간은 별도'],
  amounts: ['Sum of amounts', '청구 금액 합계'],
  unknownAmount: ['Amount unknown', '금액 알 수 없음'],
  notHeld: ['Not held any more', '이미 발행됨'],
  quiet: ['In quiet hours now', '지금 방해 금지 시간'],
  template: ['Template', '템플릿'],
  asOf: ['Looked at', '확인 시각'],
  messages: ['Messages', '메시지'],
  form: ['Message', '메시지'],
  count: ['Number', '건수'],
  averageBytes: ['Bytes, average', '평균 바이트'],
  mostBytes: ['Bytes, longest', '최대 바이트'],
  price: ['Cost', '비용'],
  noPrice: ['no price', '단가 없음'],
  failures: ['What would fail', '실패가 예상되는 청구서'],
  turns: ['What goes on by the next channel', '다음 채널로 넘어갈 청구서'],
  domains: ['E-mail domains', '이메일 도메인'],
  otherDomains: ['others', '기타'],
  outliers: ['Look at these first', '먼저 확인할 청구서'],
  outliersHelp: ['Each opens the bill with its preview, masked.', '누르면 마스킹된 미리보기가 열립니다.'],
  outliersUnseen: [
    'Each opens the bill. To see its preview you need the role agent too: ask an admin for it.',
    '누르면 청구서가 열립니다. 미리보기에는 agent 역할도 필요하니 관리자에게 요청하세요.',
  ],
  outliersClosed: [
    'To open these bills you need the role agent too: ask an admin for it.',
    '이 청구서를 열려면 agent 역할도 필요하니 관리자에게 요청하세요.',
  ],
  mostItems: ['Most items', '항목이 가장 많음'],
  largest: ['Largest amount', '금액이 가장 큼'],
  zero: ['Zero', '0원'],
  negative: ['Negative', '음수'],
  unlike: ['Unlike last month', '지난달과 크게 다름'],
  none: ['none', '없음'],
} as const satisfies Record<string, Pair>;

export const forecastPhrases = {
  sampled: [
    (bills: string, of: string): string =>
      `Sampled: ${bills} of ${of} bills were looked at. Counts are of these; duration and cost are of all.`,
    (bills: string, of: string): string =>
      `표본: 전체 ${of}건 중 ${bills}건 확인. 건수는 표본 기준이며 소요와 비용은 전체 기준입니다.`,
  ],
  progress: [
    (done: string, all: string): string => `${done} of ${counted(all, 'bill')}`,
    (done: string, all: string): string => `전체 ${all}건 중 ${done}건`,
  ],
} as const satisfies Record<string, Pair<(a: string, b: string) => string>>;

/** A duration, and what it was estimated from. */
export const durationPhrases = {
  providerPace: [(text) => `${text} at the providers' pace`, (text) => `발송 업체 속도 기준 ${text}`],
  measuredRate: [(text) => `${text} as measured before`, (text) => `지난 발송 속도 기준 ${text}`],
  plannedPace: [(text) => `${text} at the planned pace`, (text) => `계획한 속도 기준 ${text}`],
  warmup: [(text) => `${text} by the warm-up plan`, (text) => `워밍업 계획 기준 ${text}`],
} as const satisfies Readonly<Record<Limit, Pair<(text: string) => string>>>;

export const longestOf: Pair<(channel: string) => string> = [
  (channel) => `Longest ${channel}`,
  (channel) => `가장 긴 ${channel}`,
];

type Turns = ForecastFactsShown['turns'][number]['why'];

export const turnWords: Readonly<Record<Turns, Pair>> = {
  noContact: ['no usable contact', '연락처 없음'],
  refused: ['address was refused for good', '영구 거절된 주소'],
  suppressed: ['address is on the suppression list', '발송 제외 목록의 주소'],
};

type Limit = NonNullable<ForecastFactsShown['duration']['expected']>['by'];

/** What a duration was estimated from. */
export const limitWords: Readonly<Record<Limit, Pair>> = {
  providerPace: ["duration, at the providers' pace", '발송 업체 속도 기준 예상 소요'],
  measuredRate: ['duration, as measured before', '지난 발송 속도 기준 예상 소요'],
  plannedPace: ['duration, at the planned pace', '계획한 속도 기준 예상 소요'],
  warmup: ['duration, by the warm-up plan', '워밍업 계획 기준 예상 소요'],
};
