import type { ToldCode } from '../../api/contract/toldContract.ts';
import type { Phrase } from './toldFact.ts';

/** What would help a run that is expected to be late. */
export const toldHelpWords = {
  HELP_RUN: [() => 'The run is paused: resume it', () => '발송이 멈춰 있음: 재개하세요'],
  HELP_CLUSTER: [() => 'Sending is paused: resume it', () => '발송이 일시 정지됨: 재개하세요'],
  HELP_BRAKE: [
    () => 'A brake is on: fix the cause, or release it',
    () => '브레이크가 걸려 있음: 원인을 해결하거나 해제하세요',
  ],
  HELP_WAITING: [
    (f) => `${f('bills')} bills wait for the end of quiet hours or a back-off, or for their next cycle`,
    (f) => `${f('bills')}건이 방해 금지 시간이나 재시도, 다음 회차를 기다림`,
  ],
  HELP_NOTHING_MOVES: [
    () => 'Nothing goes through: billcast status and billcast doctor say why',
    () => '아무것도 발송되지 않음: billcast status와 billcast doctor로 원인을 확인하세요',
  ],
  HELP_PACE: [
    (f) => `The run's own pace is the limit, ${f('perSecond')} bills per second: raise it`,
    (f) => `계획한 속도가 한도임 (초당 ${f('perSecond')}건): 속도를 올리세요`,
  ],
  HELP_RATES: [
    (f) => `PROVIDER_RATES is the limit, ${f('perSecond')} bills per second: ask the provider for more`,
    (f) => `PROVIDER_RATES가 한도임 (초당 ${f('perSecond')}건): 발송 업체에 증설을 요청하세요`,
  ],
  HELP_SLOWED: [
    () => 'The provider slows us down: ask it for more',
    () => '발송 업체가 속도를 제한함: 발송 업체에 증설을 요청하세요',
  ],
  HELP_NO_LIMIT: [
    (f) =>
      `No limit is reached with ${f('dispatchers')} dispatchers: start more, or look at the provider's answers`,
    (f) => `디스패처 ${f('dispatchers')}개로 한도에 닿지 않음: 더 실행하거나 발송 업체의 응답을 확인하세요`,
  ],
  HELP_WINDOWS: [
    (f) => `The send windows are closed for ${f('share')} of the time that is left: widen them`,
    (f) => `남은 시간의 ${f('share')} 동안 발송 시간대가 닫혀 있음: 시간대를 넓히세요`,
  ],
  HELP_NO_WINDOW: [
    () => 'No send window opens before the deadline',
    () => '마감 시각 전에 열리는 발송 시간대가 없음',
  ],
  HELP_NEED: [
    (f) =>
      `${f('bills')} bills in time need ${f('needed')} bills per second` +
      (f('perSecond') === '' ? '' : `, and it makes ${f('perSecond')}`),
    (f) =>
      `${f('bills')}건을 제때 보내려면 초당 ${f('needed')}건이 필요함` +
      (f('perSecond') === '' ? '' : ` (지금은 초당 ${f('perSecond')}건)`),
  ],
} as const satisfies Partial<Record<ToldCode, Phrase>>;
