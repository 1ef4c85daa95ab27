import { hostname } from 'node:os';
import { v4 as newId } from 'uuid';
import type { DispatcherId } from '../../bill.ts';
import { addAccessRecord } from '../../db/accessRecords.ts';
import { nextRunningAction, tidyBillActions } from '../../db/actionProgress.ts';
import { findBillAction } from '../../db/billActions.ts';
import { releaseLease, takeLease } from '../../db/lease.ts';
import { sleep } from '../../lib/sleep.ts';
import type { LadderDeps, OperationDeps } from '../operationDeps.ts';
import { runActionPage } from './runAction.ts';

const leaseName = 'actions';
const leaseMs = 15_000;
const idleMs = 1_000;
const tidyEveryMs = 60_000;
/** A collection says that it goes on with each page. */
const orphanAfterMs = 120_000;
const keepBillsMs = 7 * 86_400_000;

/** Moves the bills of running actions, in the one process that has the lease, until it is stopped. */
export class ActionWorker {
  readonly #deps: LadderDeps & Pick<OperationDeps, 'log'>;
  readonly #owner = newId() as string as DispatcherId;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #tidiedAtMs = Number.NEGATIVE_INFINITY;
  #hasFailed = false;

  constructor(deps: LadderDeps & Pick<OperationDeps, 'log'>) {
    this.#deps = deps;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the page that is being moved. Can be called twice. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { database, log } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      try {
        const waitMs = await this.#step();
        if (waitMs > 0) await sleep(waitMs, this.#stopping.signal);
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed) log.error({ err: error }, 'actions cannot go on, trying again');
        this.#hasFailed = true;
        await sleep(idleMs, this.#stopping.signal);
      }
    }
    await releaseLease(database, leaseName, this.#owner).catch(() => undefined);
  }

  /** @returns how long to wait, in milliseconds */
  async #step(): Promise<number> {
    const { database } = this.#deps;
    if (!(await takeLease(database, leaseName, { owner: this.#owner, ttlMs: leaseMs }))) return idleMs;
    if (performance.now() - this.#tidiedAtMs > tidyEveryMs) {
      await tidyBillActions(database, { orphanAfterMs, keepBillsMs });
      this.#tidiedAtMs = performance.now();
    }
    const id = await nextRunningAction(database);
    if (id === undefined) return idleMs;
    const { finished, waitMs } = await runActionPage(this.#deps, id);
    if (finished) await this.#record(id);
    return Math.min(waitMs, leaseMs / 3);
  }

  /** The last word on an action: how many bills it moved, under the name of the person who started it. */
  async #record(id: string): Promise<void> {
    const { database, log } = this.#deps;
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
}
