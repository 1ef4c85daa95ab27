import { idempotencyKeyOf } from '../../bill.ts';
import { decide } from '../../policy/decide.ts';
import type { EncodedMessage, Provider, SendAnswer, SendAttempt } from '../../providers/provider.ts';
import type { HandedOffBill } from './handOff.ts';
import type { Lane } from './lane.ts';
import type { StageDeps } from './stage.ts';

/**
 * Sends one bill and has its answer settled. Sends run side by side, so a slow one holds up no other. What
 * waits for the answer keeps the bill and the address, not the message.
 */
export function send(
  deps: StageDeps,
  lane: Lane,
  { bill, message, startDeadline, start }: HandedOffBill,
): Promise<void> {
  const startedMs = performance.now();
  const { claim } = bill;
  const { to } = message;
  const settleAnswer = (answer: SendAnswer): void => {
    const elapsedMs = performance.now() - startedMs;
    deps.meters.sends[claim.channel].record(answer, elapsedMs);
    lane.brake.release(1);
    const { isBraked, othersPass } = lane.brake.recordAnswer(answer, start);
    const policy = { ...deps.decisions, isBraked, othersPass, random: Math.random() };
    const decision = decide(answer, claim, policy);
    deps.settler.settle(
      bill,
      answer.kind === 'refused'
        ? { ...decision, addressHash: deps.addressHasher.hash(claim.channel, to) }
        : decision,
      elapsedMs,
    );
  };
  const attempt = { claim, idempotencyKey: idempotencyKeyOf(claim), startDeadline };
  return begin(lane.provider, message, attempt).then(settleAnswer, (error: unknown) => {
    deps.log.error({ billId: claim.billId, provider: lane.provider.name, err: error }, 'provider threw');
    const cause = error instanceof Error ? error.name : 'provider threw';
    settleAnswer({ kind: 'unknown', reason: 'PROVIDER_FAULT', cause });
  });
}

/** A provider that throws at once may have sent, like one that rejects. */
function begin(provider: Provider, message: EncodedMessage, attempt: SendAttempt): Promise<SendAnswer> {
  try {
    return provider.send(message, attempt);
  } catch (error) {
    return Promise.reject(error);
  }
}
