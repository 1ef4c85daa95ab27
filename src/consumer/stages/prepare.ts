import type { RenderedBill } from '../../pool/renderPool.ts';
import type { LoadedBill, PreparedBill } from '../carriedBill.ts';
import type { Lane } from '../lane.ts';
import type { PipelineParts } from '../pipelineParts.ts';

/** What came of rendering. Bills in neither list are settled. */
export interface Prepared {
  readonly prepared: PreparedBill[];
  /** A thread died at them: to be prepared alone, see `prepareSuspect`. */
  readonly suspects: LoadedBill[];
}

/**
 * Decrypts, masks and renders on the threads. What cannot be prepared is settled here: without an e-mail
 * address the bill turns to SMS, for any other reason it is FAILED, since trying again could not help.
 */
export const prepare = async (
  parts: PipelineParts,
  lane: Lane,
  bills: readonly LoadedBill[],
): Promise<Prepared> => {
  const [first] = bills;
  if (first === undefined) return { prepared: [], suspects: [] };
  const rendering = parts.renderPool.render(
    lane.channel,
    bills.map(({ text }) => text),
  );
  const rendered = await parts.renewal.during(first.claim.token, rendering);
  const prepared: PreparedBill[] = [];
  const suspects: LoadedBill[] = [];
  for (const [index, bill] of bills.entries()) {
    const outcome = rendered[index] ?? notRendered;
    if (outcome.kind === 'suspect') suspects.push(bill);
    else prepared.push(...asPrepared(parts, lane, { bill, message: outcome }));
  }
  return { prepared, suspects };
};

/** Renders one bill alone, beside the others. */
export const prepareSuspect = async (
  parts: PipelineParts,
  lane: Lane,
  bill: LoadedBill,
): Promise<PreparedBill[]> => {
  const { billId, channel, token } = bill.claim;
  parts.tally.count('a render thread died at a bill, which is tried alone', { billId, channel });
  const rendering = parts.renderPool.renderSuspect(lane.channel, bill.text);
  const message = await parts.renewal.during(token, rendering);
  return asPrepared(parts, lane, { bill, message });
};

/** One bill that is prepared, or none, and it is settled. */
const asPrepared = (
  { settler, log, tally }: PipelineParts,
  lane: Lane,
  { bill, message }: { readonly bill: LoadedBill; readonly message: RenderedBill },
): PreparedBill[] => {
  const { record, claim, quietHours } = bill;
  if (message.kind !== 'unpreparable') return [{ record, claim, message, quietHours }];
  const { reason, detail } = message;
  const turnsToSms = reason === 'NO_CONTACT' && claim.channel === 'EMAIL';
  const { billId, channel } = claim;
  if (turnsToSms && claim.cycle === 1 && !lane.brake.turned()) {
    settler.settle({ record, claim }, { transition: 'held', delayMs: heldMs });
    return [];
  }
  if (turnsToSms && message.contact === 'unusable') {
    tally.count('stored e-mail address cannot be used, SMS comes next', { billId });
  } else if (turnsToSms) log.debug({ billId }, 'member has no e-mail address, SMS comes next');
  else tally.count('bill cannot be prepared', { billId, channel, reason, detail });
  settler.settle({ record, claim }, { transition: turnsToSms ? 'noEmailAddress' : 'unpreparable', reason });
  return [];
};

/** Too many turn to SMS: it stays an e-mail until a person has looked. */
const heldMs = 1_000;

const notRendered = {
  kind: 'unpreparable',
  reason: 'RENDER_CRASHED',
  detail: 'the pool gave no result',
} as const;
