import { idempotencyKeyOf } from '../../bill.ts';
import { decide } from '../../policy/decide.ts';
import type { Message, Provider, SendAnswer, SendOptions } from '../../providers/provider.ts';
import type { HandedOffBill } from './handOff.ts';
import type { Lane } from './lane.ts';
import type { PipelineDeps } from './pipelineDeps.ts';

/**
 * Sends one bill and passes its answer on to be settled. Nobody has to wait: sends are all under way at once, and
 * a slow one holds up no other. What waits for the answer keeps the claim, the record and the address, not the message.
 */
export function send(
  deps: PipelineDeps,
  lane: Lane,
  { record, claim, message, startDeadline, start }: HandedOffBill,
): Promise<void> {
  const startedMs = performance.now();
  const { to } = message;
  const settleAnswer = (answer: SendAnswer): void => {
    lane.brake.gate.release(1);
    const { isBraked, othersPass } = lane.brake.answered(answer, start);
    const policy = { ...deps.decisions, isBraked, othersPass, random: Math.random() };
    const decision = decide(answer, claim, policy);
    deps.settler.settle(
      { record, claim },
      answer.kind === 'refused'
        ? { ...decision, addressHash: deps.addressHasher.hash(claim.channel, to) }
        : decision,
      performance.now() - startedMs,
    );
  };
  const options = { claim, idempotencyKey: idempotencyKeyOf(claim), startDeadline };
  return begin(lane.provider, messageOf(message), options).then(settleAnswer, (error: unknown) => {
    deps.log.error({ billId: claim.billId, provider: lane.provider.name, err: error }, 'provider threw');
    const cause = error instanceof Error ? error.name : 'provider threw';
    settleAnswer({ kind: 'unknown', reason: 'PROVIDER_FAULT', cause });
  });
}

/** A provider that throws before it gives a promise has perhaps sent, like one that rejects. */
function begin(provider: Provider, message: Message, options: SendOptions): Promise<SendAnswer> {
  try {
    return provider.send(message, options);
  } catch (error) {
    return Promise.reject(error);
  }
}

function messageOf(message: HandedOffBill['message']): Message {
  return message.kind === 'email'
    ? {
        channel: 'EMAIL',
        to: message.to,
        subject: message.subject,
        html: message.html,
        text: message.text,
      }
    : { channel: 'SMS', to: message.to, text: message.text };
}
