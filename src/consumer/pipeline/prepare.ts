import type { Claim } from '../../bill.ts';
import type { RenderedBill } from '../../pool/renderPool.ts';
import type { LoadedBill, PreparedBill } from './claimedBill.ts';
import type { Lane } from './lane.ts';
import type { PipelineDeps } from './pipelineDeps.ts';
import { turnToSms, type Unaddressed } from './turnToSms.ts';

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
export async function prepare(
  deps: PipelineDeps,
  lane: Lane,
  bills: readonly LoadedBill[],
): Promise<Prepared> {
  const [first] = bills;
  if (first === undefined) return { prepared: [], suspects: [] };
  const rendering = deps.renderPool.render(
    lane.channel,
    bills.map(({ text }) => text),
  );
  const rendered = await deps.renewal.during(first.claim.token, rendering);
  const prepared: PreparedBill[] = [];
  const suspects: LoadedBill[] = [];
  const unaddressed: Unaddressed[] = [];
  for (const [index, bill] of bills.entries()) {
    const message = rendered[index] ?? notRendered;
    const { record, claim, quietHours } = bill;
    if (message.kind === 'suspect') suspects.push(bill);
    else if (message.kind !== 'unpreparable') prepared.push({ record, claim, message, quietHours });
    else if (turns(claim, message)) unaddressed.push({ record, claim, contact: message.contact ?? 'none' });
    else fail(deps, bill, message);
  }
  if (unaddressed.length > 0) await turnToSms(deps, lane, unaddressed);
  return { prepared, suspects };
}

/** Renders one bill alone, beside the others. */
export async function prepareSuspect(
  deps: PipelineDeps,
  lane: Lane,
  bill: LoadedBill,
): Promise<PreparedBill[]> {
  const { billId, channel, token } = bill.claim;
  deps.throttledLog.warn('a render thread died at a bill, which is tried alone', { billId, channel });
  const rendering = deps.renderPool.renderSuspect(lane.channel, bill.text);
  const message = await deps.renewal.during(token, rendering);
  const { record, claim, quietHours } = bill;
  if (message.kind !== 'unpreparable') return [{ record, claim, message, quietHours }];
  if (turns(claim, message)) {
    await turnToSms(deps, lane, [{ record, claim, contact: message.contact ?? 'none' }]);
  } else {
    fail(deps, bill, message);
  }
  return [];
}

type Unpreparable = Extract<RenderedBill, { kind: 'unpreparable' }>;

function turns({ channel }: Claim, { reason }: Unpreparable): boolean {
  return reason === 'NO_CONTACT' && channel === 'EMAIL';
}

function fail(
  { settler, throttledLog }: PipelineDeps,
  { record, claim }: LoadedBill,
  { reason, detail }: Unpreparable,
): void {
  const { billId, channel } = claim;
  throttledLog.warn('bill cannot be prepared', { billId, channel, reason, detail });
  settler.settle({ record, claim }, { transition: 'unpreparable', reason });
}

const notRendered: Unpreparable = {
  kind: 'unpreparable',
  reason: 'RENDER_CRASHED',
  detail: 'the pool gave no result',
};
