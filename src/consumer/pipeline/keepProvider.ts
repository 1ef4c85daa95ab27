import type { FailureReason } from '../../bill.ts';
import { readBoundProviders } from '../../db/reads/boundProviders.ts';
import { retransmitDelayMs } from '../../policy/retryPolicy.ts';
import type { ClaimedBill, Lane } from './lane.ts';
import type { StageDeps } from './stage.ts';

/** Bills, and the lane that sends them. */
export interface LaneBills {
  readonly lane: Lane;
  readonly bills: readonly ClaimedBill[];
}

/**
 * Keys do not cross providers: a bill that was in doubt at another provider in this cycle goes to that
 * provider's lane. If the channel no longer has that provider, the cycle ends, since the next one has a new
 * key.
 */
export async function keepProvider(
  deps: StageDeps,
  lane: Lane,
  claimed: readonly ClaimedBill[],
): Promise<readonly LaneBills[]> {
  const retried = claimed.filter(({ claim }) => claim.attempts > 0);
  if (retried.length === 0) return [{ lane, bills: claimed }];
  const bound = await readBoundProviders(
    deps.database,
    retried.map(({ claim }) => claim),
    lane.name,
  );
  if (bound.size === 0) return [{ lane, bills: claimed }];
  const byProvider = Map.groupBy(claimed, ({ claim }) => bound.get(claim.billId) ?? lane.name);
  return [...byProvider].flatMap(([name, bills]) => {
    const itsLane = lane.siblings.find((one) => one.name === name);
    if (itsLane === undefined) endCycle(deps, name, bills);
    else if (itsLane !== lane) for (const bill of bills) bill.moveTo(itsLane);
    return itsLane === undefined ? [] : [{ lane: itsLane, bills }];
  });
}

function endCycle(deps: StageDeps, provider: string, bills: readonly ClaimedBill[]): void {
  for (const bill of bills) {
    const { billId, channel, cycle } = bill.claim;
    deps.throttledLog.warn('bill was in doubt at a provider that is not set any more: its cycle ends', {
      billId,
      channel,
      provider,
    });
    deps.settler.settle(bill, {
      transition: 'exhausted',
      reason: 'ATTEMPTS_EXHAUSTED' satisfies FailureReason,
      delayMs: retransmitDelayMs(cycle, deps.decisions.retransmit),
    });
  }
}
