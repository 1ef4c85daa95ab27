import { counted, type Pair } from './language.ts';

export const overview = {
  settled: ['settled', '완료'],
  settledOf: [
    (done: string, all: string): string => `${done} of ${counted(all, 'bill')}`,
    (done: string, all: string): string => `전체 ${all}건 중 ${done}건`,
  ],
  perSecond: ['bills/s', '건/초'],
  throughput: ['Throughput', '처리 속도'],
  throughputHelp: ['Bills that ended per second', '초당 완료된 청구서'],
  answers: ['Answer time', '응답 시간'],
  answersHelp: [
    'Average time at the provider: handed off ÷ ended per second',
    '평균 응답 시간: 전달됨 ÷ 초당 완료',
  ],
  leftUnknown: ['not known while nothing ends', '완료되는 것이 없어 알 수 없음'],
  done: ['nothing is due', '발송할 것이 없음'],
  until: [(at: string): string => `left, until about ${at}`, (at: string): string => `남음, ${at}쯤 완료`],
  attention: ['Needs a person now', '지금 확인할 일'],
  calm: ['Nothing needs you.', '지금 할 일이 없습니다.'],
  flow: ['Bills by state', '상태별 청구서'],
  flowHelp: ['Each number leads to its bills.', '숫자를 누르면 해당 청구서로 이동합니다.'],
  kept: [
    (oldest: string, drift: string): string =>
      `Kept while bills move, last counted in full ${oldest}; that put ${drift} right.`,
    (oldest: string, drift: string): string => `이동에 따라 집계, 전체 집계 ${oldest}, 보정 ${drift}건`,
  ],
  lag: ['Events not consumed', '처리 전 이벤트'],
  dispatchers: ['Dispatchers', '디스패처'],
  early: ['Early events', '이른 이벤트'],
  sms: ['Gone on to a later channel, not failed', '다음 채널로 전환 (실패 제외)'],
  letters: ['Dead letters of bills', '청구서 처리 불가'],
  retransmissions: ['Start over by themselves', '자동 재시도 예정'],
  owed: ['Owed to Kafka', '발행할 이벤트'],
  delivered: ['Accepted', '접수 완료'],
  confirmed: ['Accepted, and confirmed', '도달 확인'],
  cameBack: ['Accepted, and came back', '반송됨'],
  noWord: ['Accepted, no word since', '도달 여부 미확인'],
  failed: ['Failed', '실패'],
  noHistory: ['The chart begins with the second reading.', '두 번째 집계부터 그래프가 표시됩니다.'],
  total: ['All bills', '전체'],
} as const satisfies Record<
  string,
  Pair | Pair<(a: string) => string> | Pair<(a: string, b: string) => string>
>;

export const attention = {
  paused: [
    (since: string): string => `Sending is paused ${since}.`,
    (since: string): string => `${since}부터 발송이 정지되어 있습니다.`,
  ],
  noDispatchers: [
    (due: string): string => `No dispatcher runs, and ${counted(due, 'bill')} should go out.`,
    (due: string): string => `실행 중인 디스패처가 없는데 ${due}건이 발송을 기다립니다.`,
  ],
  silent: [
    (silent: string): string => `Dispatchers that are silent: ${silent}.`,
    (silent: string): string => `디스패처 ${silent}개가 응답하지 않습니다.`,
  ],
  brake: [
    (channel: string): string => `The brake of ${channel} is on until a person releases it.`,
    (channel: string): string => `${channel} 브레이크가 걸려 있습니다. 사람이 해제해야 합니다.`,
  ],
  trial: [
    (channel: string): string => `The brake of ${channel} is on. It tries again by itself.`,
    (channel: string): string => `${channel} 브레이크가 걸려 있습니다. 자동으로 다시 시도합니다.`,
  ],
  doubts: [
    (bills: string): string => `In doubt: ${counted(bills, 'bill')}.`,
    (bills: string): string => `${bills}건의 결과를 알 수 없습니다.`,
  ],
  failures: [
    (bills: string): string => `Failed, and nothing starts them over: ${counted(bills, 'bill')}.`,
    (bills: string): string => `${bills}건이 실패했고 자동으로 재시도되지 않습니다.`,
  ],
  held: [
    (bills: string): string => `Held until a person or a run releases them: ${counted(bills, 'bill')}.`,
    (bills: string): string => `${bills}건이 발행 또는 발송 시작을 기다립니다.`,
  ],
  warmUp: [
    (planned: string): string =>
      `Warm-up: today's ${planned} mails are used up. E-mails wait until tomorrow.`,
    (planned: string): string =>
      `워밍업: 오늘 발송량 ${planned}건을 모두 썼습니다. 이메일은 내일 이어서 발송됩니다.`,
  ],
  tomorrow: [
    (planned: string): string => `Tomorrow: ${planned}`,
    (planned: string): string => `내일: ${planned}건`,
  ],
  lag: [(problem: string): string => `Kafka: ${problem}`, (problem: string): string => `Kafka: ${problem}`],
  old: [
    (problem: string): string => `The numbers are old: ${problem}`,
    (problem: string): string => `숫자가 오래되었습니다: ${problem}`,
  ],
} as const satisfies Record<string, Pair<(text: string) => string>>;

export const attentionActions = {
  resume: ['Resume…', '재개…'],
  release: ['Release…', '해제…'],
  look: ['Look', '보기'],
} as const satisfies Record<string, Pair>;
