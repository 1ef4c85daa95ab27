import { idempotencyKeyOf } from '../../bill.ts';
import { decide } from '../../send/decide.ts';
import type { Message, SendAnswer, SendOptions } from '../../send/provider.ts';
import type { Lane } from '../lane.ts';
import type { PipelineParts } from '../pipelineParts.ts';
import type { HandedOffBill } from './handOff.ts';

/**
 * Sends one bill and passes its answer on to be settled. Does not wait: sends are all under way at once, and
 * a slow one holds up no other.
 */
export const send = (parts: PipelineParts, lane: Lane, bill: HandedOffBill): void => {
  const startedMs = performance.now();
  const { claim, record, startDeadline } = bill;
  const settleAnswer = (answer: SendAnswer): void => {
    lane.sending.release(1);
    parts.onAnswer(claim.channel, answer);
    parts.settler.settle(
      { record, claim },
      decide(answer, claim, { ...parts.decisions, random: Math.random() }),
      performance.now() - startedMs,
    );
  };
  begin(lane, bill, { claim, idempotencyKey: idempotencyKeyOf(claim), startDeadline }).then(
    settleAnswer,
    (error: unknown) => {
      parts.log.error({ billId: claim.billId, provider: lane.provider.name, error }, 'provider threw');
      settleAnswer({ kind: 'unknown', reason: 'PROVIDER_FAULT' });
    },
  );
};

/** A function of its own, so that what waits for the answer does not keep the message until then. */
const begin = async (lane: Lane, bill: HandedOffBill, options: SendOptions): Promise<SendAnswer> =>
  lane.provider.send(messageOf(bill), options);

const messageOf = ({ message }: HandedOffBill): Message =>
  message.kind === 'email'
    ? {
        channel: 'EMAIL',
        to: message.to,
        subject: message.subject,
        html: message.html,
        text: message.text,
      }
    : { channel: 'SMS', to: message.to, text: message.text };
