import { countDoubtsAt } from '../db/reads/inDoubt.ts';
import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import { addSampleBills } from './addSampleBills.ts';
import { providersWithLookup } from './askedAboutDoubts.ts';
import { isSimulated } from './isSimulated.ts';
import type { OperationDeps } from './operationDeps.ts';
import { releaseBills } from './releaseBills.ts';
import { takesFourEyes } from './runs/fourEyes.ts';
import { readStatus, type StatusFacts } from './status.ts';

/** `npm start`: adds sample bills, if they can harm nobody, and runs until each bill is accounted for. */
export type DemoDeps = Pick<OperationDeps, 'config' | 'database' | 'kafka'>;

export interface DemoRequest {
  /** Whether the database is the embedded one. Sample bills go into no other. */
  readonly isEmbedded: boolean;
  /** How many sample bills to add. If missing, some are added when there is nothing to send. */
  readonly bills?: number | undefined;
}

const defaultBills = 10_000;

/**
 * How many sample bills a start should add: as many as are asked for. If none are, the number of a first run,
 * provided that the embedded database has nothing to send and both providers are simulated.
 * @throws BillcastError USAGE if they are asked for in another database
 */
export async function countWantedSamples(
  deps: DemoDeps,
  { isEmbedded, bills }: DemoRequest,
): Promise<number> {
  if (!isEmbedded) {
    if (bills === undefined) return 0;
    throw new BillcastError(
      'USAGE',
      '--bills adds made-up bills, and start does so only in the embedded database: unset DATABASE_URL',
    );
  }
  if (bills !== undefined) return bills;
  const status = await readStatus(deps);
  const isIdle = isDone(status, await countOpenDoubts(deps, status)) && status.held === 0;
  return isIdle && isSimulated(deps.config) ? defaultBills : 0;
}

/** Adds that many sample bills. */
export async function addDemoBills(
  deps: DemoDeps,
  bills: number,
  onProgress?: (members: number) => void,
): Promise<void> {
  await addSampleBills(deps, { members: bills, seed: 1 }, onProgress);
}

/** The result, in bills. */
export type DemoRelease =
  | { readonly kind: 'released'; readonly published: number }
  /** The bills stay held: a person has to release them. */
  | { readonly kind: 'kept'; readonly held: number };

/**
 * Releases held bills only if they are samples in the embedded database, nothing can leave the machine, and
 * no approval is needed.
 */
export async function releaseDemoBills(
  deps: DemoDeps,
  { isEmbedded }: Pick<DemoRequest, 'isEmbedded'>,
): Promise<DemoRelease> {
  const { config } = deps;
  if (isEmbedded && isSimulated(config) && !(await takesFourEyes(deps))) {
    const { published } = await releaseBills(deps, { actor: 'billcast start' });
    return { kind: 'released', published };
  }
  return { kind: 'kept', held: (await readStatus(deps)).held };
}

/** Yields the status again and again until every bill is accounted for, or `stopped` is aborted. */
export async function* followUntilDone(deps: DemoDeps, stopped: AbortSignal): AsyncGenerator<StatusFacts> {
  while (!stopped.aborted) {
    const askedAt = performance.now();
    const status = await readStatus(deps);
    yield status;
    if (isDone(status, await countOpenDoubts(deps, status))) return;
    await sleep(Math.max(shortestPauseMs, (performance.now() - askedAt) * 4), stopped);
  }
}

/** With more bills a count takes longer: counting must not be most of what the database does. */
const shortestPauseMs = 250;

/** Counts the bills in doubt that a look-up may settle. The others wait for a person. */
async function countOpenDoubts({ config, database }: DemoDeps, { inDoubt }: StatusFacts): Promise<number> {
  return inDoubt === 0 ? 0 : countDoubtsAt(database, providersWithLookup(config));
}

/** Every bill has its final state and its dead letter, is held, or waits for its time or a person. */
function isDone(status: StatusFacts, openDoubts: number): boolean {
  const onTheirWay = status.pending - status.waiting - status.held;
  return onTheirWay + status.sending + status.sent + openDoubts + status.owed + status.lag === 0;
}
