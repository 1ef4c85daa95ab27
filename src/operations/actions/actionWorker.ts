import { hostname } from 'node:os';
import { v4 as newId } from 'uuid';
import type { DispatcherId } from '../../bill.ts';
import { addAccessRecord } from '../../db/accessRecords.ts';
import { listRunningActions, type RunningAction } from '../../db/actionProgress.ts';
import { findBillAction } from '../../db/billActions.ts';
import type { Database } from '../../db/database.ts';
import { endForgottenActions, forgetBillsOfActions } from '../../db/forgottenActions.ts';
import { createLeasedLoop, type LeasedLoop } from '../../db/leasedLoop.ts';
import type { LadderDeps, OperationDeps } from '../operationDeps.ts';
import { runActionPage } from './runAction.ts';

const leaseMs = 15_000;
const idleMs = 1_000;
const tidyEveryMs = 60_000;
/** A process that collects bills shows with each page that it is alive. After so long it counts as dead. */
const orphanAfterMs = 120_000;
const keepBillsMs = 7 * 86_400_000;
/** Per round, so that no action waits for it: some tenths of a second. */
const forgottenPerRound = 10_000;

type ActionWorkerDeps = LadderDeps & Pick<OperationDeps, 'log'>;

/** Moves the bills of running actions, a page per round. Each keeps its own pace, whatever others do. */
export function createActionWorker(deps: ActionWorkerDeps): LeasedLoop {
  const { database, log } = deps;
  let tidiedAtMs = Number.NEGATIVE_INFINITY;
  const turns = new Turns();
  return createLeasedLoop({
    database,
    name: 'actions',
    owner: newId() as string as DispatcherId,
    leaseMs,
    log,
    async round() {
      if (performance.now() - tidiedAtMs > tidyEveryMs) {
        if (await tidy(database)) tidiedAtMs = performance.now();
      }
      const { id, restMs } = turns.next(await listRunningActions(database));
      if (id === undefined) return restMs;
      const { finished, waitMs } = await runActionPage(deps, id);
      turns.rest(id, waitMs);
      if (finished) await recordEnd(deps, id);
      return 0;
    },
  });
}

/** When the next page of each action may be moved. */
class Turns {
  #dueMs = new Map<string, number>();

  /** The action whose turn it is; if there is none, how long until there may be. */
  next(running: readonly RunningAction[]): { readonly id: string | undefined; readonly restMs: number } {
    const now = performance.now();
    this.#dueMs = new Map(
      running.map(({ id, isStopping }) => [id, (isStopping ? 0 : this.#dueMs.get(id)) ?? 0]),
    );
    const id = running.find((action) => (this.#dueMs.get(action.id) ?? 0) <= now)?.id;
    return { id, restMs: Math.min(idleMs, ...[...this.#dueMs.values()].map((dueMs) => dueMs - now)) };
  }

  rest(id: string, waitMs: number): void {
    this.#dueMs.set(id, performance.now() + waitMs);
  }
}

/** @returns whether there is no more to do */
async function tidy(database: Database): Promise<boolean> {
  await endForgottenActions(database, { orphanAfterMs });
  const forgotten = await forgetBillsOfActions(database, { keepMs: keepBillsMs, limit: forgottenPerRound });
  return forgotten < forgottenPerRound;
}

/** The last word on an action: how many bills it moved, under the name of the person who started it. */
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
