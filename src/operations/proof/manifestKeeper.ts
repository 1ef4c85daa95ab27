import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { readDatabaseTime } from '../../db/databaseTime.ts';
import { createLeasedLoop, type LeasedLoop } from '../../db/leasedLoop.ts';
import { readRunEnds } from '../../db/runs/runEnds.ts';
import {
  addManifestUnderLease,
  type ManifestRun,
  selectWithoutManifest,
} from '../../db/runs/runManifests.ts';
import type { Logger } from '../../log/log.ts';
import { growManifestTree } from './manifestTree.ts';

export interface ManifestKeeperDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly owner: DispatcherId;
  /** Named as the maker, in the manifest and in the run's events. */
  readonly actor: string;
  /** Default: the interval in production. */
  readonly everyMs?: number;
}

const lease = 'manifests';
const leaseMs = 30_000;
const usuallyEveryMs = 30_000;
/** It rests four times as long as a page takes: it reads and hashes while bills of other runs are sent. */
const restPerPage = 4;
/**
 * It rests so many times as long as a look at a closed run takes, whose bills may be on their way for long.
 */
const restPerLook = 50;

/** A tree that is being built. After a crash or under another lease it is begun again. */
interface Making {
  readonly run: ManifestRun;
  readonly madeAt: Date;
  readonly growing: ReturnType<typeof growManifestTree>;
}

/** Makes the manifest of each run that is done, in the one process that has the lease. */
export function createManifestKeeper(deps: ManifestKeeperDeps): LeasedLoop {
  const { database, log, owner, everyMs = usuallyEveryMs } = deps;
  let making: Making | undefined;
  return createLeasedLoop({
    database,
    name: lease,
    owner,
    leaseMs,
    log,
    async round() {
      const askedMs = performance.now();
      const current = making ?? (await begin(database));
      making = undefined;
      if (current !== undefined && !(await grow(deps, current))) making = current;
      const tookMs = performance.now() - askedMs;
      return current === undefined ? Math.max(everyMs, tookMs * restPerLook) : tookMs * restPerPage;
    },
    onOthers() {
      making = undefined;
    },
  });
}

async function begin(database: Database): Promise<Making | undefined> {
  for (const run of await selectWithoutManifest(database)) {
    if (!(await hasEnded(database, run))) continue;
    const madeAt = await readDatabaseTime(database);
    return { run, madeAt, growing: growManifestTree(database, { run, until: madeAt }) };
  }
  return undefined;
}

/** Whether all bills of a run have ended: a run that a person closed may have bills on their way. */
async function hasEnded(database: Database, { number, selection }: ManifestRun): Promise<boolean> {
  return (await readRunEnds(database, number, selection)).open === 0;
}

/** Adds one page of bills to the tree. @returns whether it was the last page */
async function grow(deps: ManifestKeeperDeps, { run, madeAt, growing }: Making): Promise<boolean> {
  const { database, log, owner, actor: madeBy } = deps;
  const { done, value } = await growing.next();
  if (!done) return false;
  const { attempts, unhashed, root } = value;
  const manifest = { madeAt, madeBy, attempts, unhashed, root };
  if (await addManifestUnderLease(database, { lease, owner }, { run: run.number, manifest })) {
    log.info({ run: run.id, attempts, unhashed, root: root.toString('hex') }, 'manifest of the run is made');
  }
  return true;
}
