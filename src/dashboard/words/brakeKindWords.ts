import type { Pair } from './language.ts';

/** Why a brake is on. */
export const brakeKindWords = {
  unreachable: ['the provider is unreachable', '발송 업체에 연결되지 않음'],
  unknown: ['the provider does not say whether it accepts bills', '발송 업체가 접수 여부를 알리지 않음'],
  settings: ['the provider refuses our settings', '발송 업체가 설정을 거부함'],
  refusals: ['too many bills are refused', '거절이 너무 많음'],
  smsTurns: ['too many bills turn to the next channel', '다음 채널로 넘어가는 청구서가 너무 많음'],
  pace: ['the provider asks for fewer bills at a time', '발송 업체가 속도를 낮추라고 함'],
} as const satisfies Record<string, Pair>;
