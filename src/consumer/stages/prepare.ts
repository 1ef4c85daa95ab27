import type { LoadedBill, PreparedBill } from '../carriedBill.ts';
import type { Lane } from '../lane.ts';
import type { PipelineParts } from '../pipelineParts.ts';

/**
 * Decrypts, masks and renders on the threads. What cannot be prepared is settled here: without an e-mail
 * address the bill turns to SMS, for any other reason it is FAILED, since trying again could not help.
 */
export const prepare = async (
  { renderPool, settler, log, tally }: PipelineParts,
  lane: Lane,
  bills: readonly LoadedBill[],
): Promise<PreparedBill[]> => {
  if (bills.length === 0) return [];
  const rendered = await renderPool.render(
    lane.channel,
    bills.map(({ text }) => text),
  );
  const prepared: PreparedBill[] = [];
  for (const [index, { record, claim, quietHours }] of bills.entries()) {
    const message = rendered[index] ?? notRendered;
    if (message.kind !== 'unpreparable') {
      prepared.push({ record, claim, message, quietHours });
      continue;
    }
    const { reason, detail } = message;
    const turnsToSms = reason === 'NO_CONTACT' && claim.channel === 'EMAIL';
    const { billId, channel } = claim;
    if (turnsToSms && claim.cycle === 1 && !lane.brake.turned()) {
      settler.settle({ record, claim }, { transition: 'held', delayMs: heldMs });
      continue;
    }
    if (turnsToSms && message.contact === 'unusable') {
      tally.count('stored e-mail address cannot be used, SMS comes next', { billId });
    } else if (turnsToSms) log.debug({ billId }, 'member has no e-mail address, SMS comes next');
    else tally.count('bill cannot be prepared', { billId, channel, reason, detail });
    settler.settle({ record, claim }, { transition: turnsToSms ? 'noEmailAddress' : 'unpreparable', reason });
  }
  return prepared;
};

/** Too many turn to SMS: it stays an e-mail until a person has looked. */
const heldMs = 1_000;

const notRendered = {
  kind: 'unpreparable',
  reason: 'RENDER_CRASHED',
  detail: 'the pool gave no result',
} as const;
