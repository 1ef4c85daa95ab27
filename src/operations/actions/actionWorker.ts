import { hostname } from 'node:os';
import { v4 as newId } from 'uuid';
import type { DispatcherId } from '../../bill.ts';
import { addAccessRecord } from '../../db/accessRecords.ts';
import { nextRunningAction, tidyBillActions } from '../../db/actionProgress.ts';
import { findBillAction } from '../../db/billActions.ts';
import { createLeasedLoop, type LeasedLoop } from '../../db/leasedLoop.ts';
import type { LadderDeps, OperationDeps } from '../operationDeps.ts';
import { runActionPage } from './runAction.ts';

const leaseMs = 15_000;
const idleMs = 1_000;
const tidyEveryMs = 60_000;
/** A process that collects bills shows with each page that it is alive. After so long it counts as dead. */
const orphanAfterMs = 120_000;
const keepBillsMs = 7 * 86_400_000;

type ActionWorkerDeps = LadderDeps & Pick<OperationDeps, 'log'>;

/** Moves the bills of running actions, one page per round. */
export function createActionWorker(deps: ActionWorkerDeps): LeasedLoop {
  const { database, log } = deps;
  let tidiedAtMs = Number.NEGATIVE_INFINITY;
  return createLeasedLoop({
    database,
    name: 'actions',
    owner: newId() as string as DispatcherId,
    leaseMs,
    log,
    async round() {
      if (performance.now() - tidiedAtMs > tidyEveryMs) {
        await tidyBillActions(database, { orphanAfterMs, keepBillsMs });
        tidiedAtMs = performance.now();
      }
      const id = await nextRunningAction(database);
      if (id === undefined) return idleMs;
      const { finished, waitMs } = await runActionPage(deps, id);
      if (finished) await recordEnd(deps, id);
      return Math.min(waitMs, leaseMs / 3);
    },
  });
}

/** Records the end of an action: how many bills it moved, under the name of the person who started it. */
async function recordEnd({ database, log }: ActionWorkerDeps, id: string): Promise<void> {
  const action = await findBillAction(database, id);
  if (action === undefined) return;
  const { state, startedBy, reason, moved, skipped } = action;
  await addAccessRecord(database, newId(), {
    who: startedBy ?? 'nobody',
    roles: [],
    from: hostname(),
    what: 'endAction',
    billIds: [],
    bills: moved,
    reason,
    result: 'done',
    requestId: id,
  });
  log.info({ actionId: id, state, moved, skipped }, 'action ended');
}
