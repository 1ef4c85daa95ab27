import { v4 as newId } from 'uuid';
import type { DispatcherId } from '../bill.ts';
import { releaseLease, takeLease } from '../db/lease.ts';
import { sleep } from '../lib/sleep.ts';
import { type ContactWalkDeps, hashNextContacts, openContactWalk } from './contacts.ts';
import type { OperationDeps } from './operationDeps.ts';

const leaseName = 'contacts';
const leaseMs = 30_000;
const membersPerStep = 500;
/** The share of the time that it may take, of one core and of the database. */
const share = 0.02;
const idleMs = 1_000;
/** Between two walks. A changed address is found after this time and the walk's own. */
const restMs = 600_000;

/**
 * Keeps the index of contacts, in the one process that has the lease, until it is stopped: a slow walk over
 * all members that begins again when it is over.
 */
export class ContactIndexer {
  readonly #deps: Pick<OperationDeps, 'config' | 'database' | 'log'>;
  readonly #owner = newId() as string as DispatcherId;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #restsUntilMs = 0;
  #hasFailed = false;

  constructor(deps: Pick<OperationDeps, 'config' | 'database' | 'log'>) {
    this.#deps = deps;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes its step. Can be called twice. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log, database } = this.#deps;
    const walk = openContactWalk(this.#deps);
    if (walk === undefined) return;
    while (!this.#stopping.signal.aborted) {
      let waitMs = idleMs;
      try {
        waitMs = await this.#step(walk);
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed) log.error({ err: error }, 'contacts cannot be indexed, trying again');
        this.#hasFailed = true;
      }
      await sleep(waitMs, this.#stopping.signal);
    }
    await releaseLease(database, leaseName, this.#owner).catch(() => undefined);
  }

  /** @returns how long to wait, in milliseconds */
  async #step(walk: ContactWalkDeps): Promise<number> {
    const beganMs = performance.now();
    if (beganMs < this.#restsUntilMs) return idleMs;
    if (!(await takeLease(walk.database, leaseName, { owner: this.#owner, ttlMs: leaseMs }))) return idleMs;
    const { isLast } = await hashNextContacts(walk, membersPerStep);
    const endedMs = performance.now();
    if (isLast) this.#restsUntilMs = endedMs + restMs;
    return Math.min((endedMs - beganMs) / share, leaseMs / 3);
  }
}
