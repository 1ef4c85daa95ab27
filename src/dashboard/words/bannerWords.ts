import type { Pair } from './language.ts';

/** Why a run holds. */
const holdWords: Readonly<Record<string, Pair>> = {
  PERSON: ['a person paused it', '담당자가 멈춤'],
  CANARY_WAITS: ['the canary waits for a person', '카나리 확인 대기'],
  CANARY_STUCK: ['the canary does not end', '카나리가 끝나지 않음'],
  BRAKE: ['a brake is on', '브레이크 작동'],
  BILLS_CHANGED: ['its bills are not those that were approved', '청구서가 승인된 것과 다름'],
  TEMPLATE_CHANGED: ['dispatchers print with another template', '템플릿이 승인된 것과 다름'],
  FAILURES: ['too many bills failed in the last minute', '최근 1분간 실패 초과'],
  SEEDS_FAILED: ['the seed addresses got nothing', '시드 주소 발송 실패'],
  INTERRUPTED: ['the rehearsal was interrupted', '예행연습 중단'],
  PROVIDER: ['the provider stopped the rehearsal', '발송 업체가 예행연습 중단'],
  SOURCE_INVALID: ['the tables of the bills cannot be read', '청구서 테이블을 읽을 수 없음'],
  GATE_REFUSED: ['too many of the canary were refused', '카나리 거절 초과'],
  GATE_UNKNOWN: ['too many of the canary are in doubt', '카나리 결과 불명 초과'],
  GATE_TURNED: ['too many of the canary turned to the next channel', '카나리 채널 전환 초과'],
  GATE_POLICY: ['a policy of the provider blocks the canary', '발송 업체 정책 차단'],
  GATE_FAILED: ['too many bills failed before they were sent', '발송 전 실패 초과'],
  GATE_BOUNCED: ['too many of the canary came back', '카나리 반송 초과'],
};

/** An unknown code, of a newer billcast, is shown as it is. */
export function holdWord(code: string): Pair {
  return holdWords[code] ?? [code, code];
}

export const bannerWords = {
  draft: [
    (run: string, who: string): string => `Run ${run} waits for approval. ${who} asked for it.`,
    (run: string, who: string): string => `발송 ${run} 승인 대기 중 (요청: ${who})`,
  ],
  paused: [
    (run: string, why: string): string => `Run ${run} holds: ${why}.`,
    (run: string, why: string): string => `발송 ${run} 멈춤: ${why}`,
  ],
  rehearsal: [
    (run: string): string => `REHEARSAL ${run}: no member gets a bill by it.`,
    (run: string): string => `예행연습 ${run}: 회원에게 발송되지 않습니다.`,
  ],
  safeMode: [
    (): string => 'REHEARSALS ONLY: DELIVER_ONLY_TO or REDIRECT_ALL_TO is set, so no bill is sent from here.',
    (): string =>
      '예행연습 전용: DELIVER_ONLY_TO 또는 REDIRECT_ALL_TO가 설정되어 청구서가 발송되지 않습니다.',
  ],
} as const satisfies Record<string, Pair<(run: string, why: string) => string>>;
