import { idempotencyKeyOf } from '../../bill.ts';
import { decide } from '../../send/decide.ts';
import type { Message, Provider, SendAnswer, SendOptions } from '../../send/provider.ts';
import type { Lane } from '../lane.ts';
import type { PipelineParts } from '../pipelineParts.ts';
import type { HandedOffBill } from './handOff.ts';

/**
 * Sends one bill and passes its answer on to be settled. Nobody has to wait: sends are all under way at once, and
 * a slow one holds up no other. What waits for the answer keeps the claim, the record and the address, not the message.
 */
export const send = (
  parts: PipelineParts,
  lane: Lane,
  { record, claim, message, startDeadline, start }: HandedOffBill,
): Promise<void> => {
  const startedMs = performance.now();
  const { to } = message;
  const settleAnswer = (answer: SendAnswer): void => {
    lane.brake.gate.release(1);
    const { isBraked, othersPass } = lane.brake.answered(answer, start);
    const policy = { ...parts.decisions, isBraked, othersPass, random: Math.random() };
    const decision = decide(answer, claim, policy);
    parts.settler.settle(
      { record, claim },
      answer.kind === 'refused'
        ? { ...decision, addressHash: parts.addressHasher.hash(claim.channel, to) }
        : decision,
      performance.now() - startedMs,
    );
  };
  const options = { claim, idempotencyKey: idempotencyKeyOf(claim), startDeadline };
  return begin(lane.provider, messageOf(message), options).then(settleAnswer, (error: unknown) => {
    parts.log.error({ billId: claim.billId, provider: lane.provider.name, err: error }, 'provider threw');
    const cause = error instanceof Error ? error.name : 'provider threw';
    settleAnswer({ kind: 'unknown', reason: 'PROVIDER_FAULT', cause });
  });
};

/** A provider that throws before it gives a promise has perhaps sent, like one that rejects. */
const begin = (provider: Provider, message: Message, options: SendOptions): Promise<SendAnswer> => {
  try {
    return provider.send(message, options);
  } catch (error) {
    return Promise.reject(error);
  }
};

const messageOf = (message: HandedOffBill['message']): Message =>
  message.kind === 'email'
    ? {
        channel: 'EMAIL',
        to: message.to,
        subject: message.subject,
        html: message.html,
        text: message.text,
      }
    : { channel: 'SMS', to: message.to, text: message.text };
