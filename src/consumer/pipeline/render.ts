import { nextChannel } from '../../ladder.ts';
import type { UnpreparableBill } from '../../render/bill/renderedBill.ts';
import type { ClaimedBill, Lane } from './lane.ts';
import type { LoadedBill, PreparedBill, StageDeps } from './stage.ts';
import { turnToNext, type Unaddressed } from './turnToNext.ts';

/** The result of rendering. Bills in neither list are settled. */
export interface RenderedBatch {
  readonly prepared: PreparedBill[];
  /** A thread died while it rendered one of them: `renderSuspect` renders each alone. */
  readonly suspects: LoadedBill[];
}

/**
 * Decrypts, masks and renders on the threads. What cannot be rendered is settled here: without a usable
 * address the bill goes on by the next channel; for any other reason it is FAILED, since a retry could not
 * help.
 */
export async function render(
  deps: StageDeps,
  lane: Lane,
  bills: readonly LoadedBill[],
): Promise<RenderedBatch> {
  const [first] = bills;
  if (first === undefined) return { prepared: [], suspects: [] };
  const rendered = await deps.meters.stages.time('render', bills.length, () =>
    deps.renewal.during(first.bill.claim.token, deps.renderPool.render(lane.brake.route, bills)),
  );
  const prepared: PreparedBill[] = [];
  const suspects: LoadedBill[] = [];
  const unaddressed: Unaddressed[] = [];
  for (const [index, loaded] of bills.entries()) {
    const message = rendered[index] ?? notRendered;
    const { bill, quietHours } = loaded;
    if (message.kind === 'suspect') suspects.push(loaded);
    else if (message.kind !== 'unpreparable') prepared.push({ bill, message, quietHours });
    else unaddressed.push(...leave(deps, bill, message));
  }
  if (unaddressed.length > 0) await turnToNext(deps, lane, unaddressed);
  return { prepared, suspects };
}

/** Renders one bill alone, beside the others. */
export async function renderSuspect(
  deps: StageDeps,
  lane: Lane,
  loaded: LoadedBill,
): Promise<PreparedBill[]> {
  const { bill, quietHours } = loaded;
  const { billId, channel, token } = bill.claim;
  deps.throttledLog.warn('a render thread died at a bill, which is rendered alone', { billId, channel });
  const rendering = deps.renderPool.renderSuspect(lane.brake.route, loaded);
  const message = await deps.renewal.during(token, rendering);
  if (message.kind !== 'unpreparable') return [{ bill, message, quietHours }];
  await turnToNext(deps, lane, leave(deps, bill, message));
  return [];
}

/** @returns the bill if it goes on by the next channel; otherwise it is FAILED */
function leave(
  { decisions, settler, throttledLog }: StageDeps,
  bill: ClaimedBill,
  { reason, detail, contact = 'none' }: UnpreparableBill,
): Unaddressed[] {
  const next = reason === 'NO_CONTACT' ? nextChannel(decisions.ladder, bill.claim, 'noContact') : undefined;
  if (next !== undefined) return [{ bill, contact, next }];
  const { billId, channel } = bill.claim;
  throttledLog.warn('bill cannot be prepared', { billId, channel, reason, detail });
  settler.settle(bill, { transition: 'unpreparable', reason });
  return [];
}

const notRendered: UnpreparableBill = {
  kind: 'unpreparable',
  reason: 'RENDER_CRASHED',
  detail: 'the pool gave no result',
};
