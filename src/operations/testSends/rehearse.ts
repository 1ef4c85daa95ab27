import { randomUUID } from 'node:crypto';
import type { SafeMode } from '../../config/safeModeConfig.ts';
import type { Database } from '../../db/database.ts';
import { readSelectedPage, type SelectedBill } from '../../db/runs/billsOfRun.ts';
import { keepRehearsal } from '../../db/runs/rehearsals.ts';
import { finishRunRow, pauseRunRow, type RunChange } from '../../db/runs/runChanges.ts';
import { findRunRow, type Run } from '../../db/runs/runRows.ts';
import { countUnknownTests } from '../../db/runs/testSends.ts';
import { beforeAllBills } from '../../db/sql.ts';
import { BillcastError } from '../../errors.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { openRehearsal } from './openRehearsal.ts';
import type { RehearsalCounts, RehearsalEnd } from './rehearsalCounts.ts';
import { keepProgress } from './rehearsalProgress.ts';
import { RehearsalTally } from './rehearsalTally.ts';
import { rehearsalSuffix, rehearseBills } from './rehearseBills.ts';
import { sayEachMinute } from './sayEachMinute.ts';
import type { TestSending } from './testSending.ts';

export interface RehearseDeps extends TestSending, Pick<OperationDeps, 'config' | 'log'> {
  readonly config: OperationDeps['config'];
}

export interface RehearseRequest {
  /** The run's id. */
  readonly id: string;
  readonly actor: string;
  /** The most messages of the whole rehearsal. If all go to one person, the default is `usualLimit`. */
  readonly limit?: number | undefined;
  /** Ends it after the page that is being sent. */
  readonly signal: AbortSignal;
  readonly onProgress?: (bills: number) => void;
}

export interface RehearsalFacts extends RehearsalCounts {
  readonly run: string;
  readonly ended: RehearsalEnd;
  /** Why it stopped. */
  readonly why: string | null;
}

const billsPerPage = 100;
const usualLimit = 100;

/**
 * Renders all held bills of a rehearsal run, and sends those that the safe mode lets through. Their rows do
 * not change. A rehearsal that was stopped can be continued; what was sent is not sent again.
 * @throws BillcastError USAGE without the safe mode, and for a run that cannot be rehearsed
 */
export async function rehearse(deps: RehearseDeps, request: RehearseRequest): Promise<RehearsalFacts> {
  return carryOn(deps, { ...request, run: await beginRehearsal(deps, request) });
}

/**
 * The first part: makes the run RUNNING. Call `carryOn` next.
 * @throws BillcastError as `rehearse`
 */
export async function beginRehearsal(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  { id, actor }: Pick<RehearseRequest, 'id' | 'actor'>,
): Promise<Run> {
  demandSafeMode(config);
  return openRehearsal(database, { id, actor });
}

function demandSafeMode({ safeMode }: Pick<OperationDeps['config'], 'safeMode'>): SafeMode {
  if (safeMode !== undefined) return safeMode;
  throw new BillcastError(
    'USAGE',
    'a rehearsal needs DELIVER_ONLY_TO=@company.kr or REDIRECT_ALL_TO=qa@company.kr: set one of them, so that no ' +
      'member gets a message',
  );
}

/** The second part. It ends early if the run is no longer RUNNING. */
export async function carryOn(
  deps: RehearseDeps,
  request: RehearseRequest & { readonly run: Run },
): Promise<RehearsalFacts> {
  const { run, actor } = request;
  const stopSaying = sayEachMinute(deps.log, run.id);
  const tally = new RehearsalTally();
  const stopKeeping = keepProgress(deps, run.number, tally);
  try {
    const safeMode = demandSafeMode(deps.config);
    const end = await walk(deps, { ...request, safeMode, tally });
    const counts = await withUnknown(deps, run, tally.counts);
    const facts = { ended: end.kind, why: end.kind === 'stopped' ? end.why : null, ...counts };
    await stopKeeping();
    await keepEnd(deps, { run, end, counts, facts, actor });
    return { run: run.id, ...facts };
  } finally {
    await stopKeeping();
    stopSaying();
  }
}

type WalkEnd =
  | { readonly kind: 'all' | 'limit' }
  | { readonly kind: 'stopped'; readonly code: 'INTERRUPTED' | 'PROVIDER' | 'RUN'; readonly why: string };

interface Walk extends RehearseRequest {
  readonly run: Run;
  readonly safeMode: SafeMode;
  readonly tally: RehearsalTally;
}

async function walk(deps: RehearseDeps, request: Walk): Promise<WalkEnd> {
  const { run, safeMode, tally, onProgress } = request;
  const limit = request.limit ?? (safeMode.redirectTo === undefined ? Number.POSITIVE_INFINITY : usualLimit);
  const sender = { run: run.number, sender: randomUUID() };
  let page = 0;
  for await (const bills of pagesOf(deps, run)) {
    const atMost = limit - tally.used;
    if (atMost <= 0) return { kind: 'limit' };
    const stop = await reasonToStop(deps, request);
    if (stop !== undefined) return stop;
    const results = await rehearseBills(deps, { sender, runId: run.id, safeMode, bills, atMost, page });
    for (const result of results) tally.add(result);
    onProgress?.(tally.counts.bills);
    page++;
  }
  return (await reasonToStop(deps, request)) ?? { kind: tally.used < limit ? 'all' : 'limit' };
}

async function* pagesOf(
  { database }: RehearseDeps,
  { plan: { selection } }: Run,
): AsyncGenerator<SelectedBill[]> {
  if ('all' in selection) throw new RangeError('a rehearsal selects its bills');
  let after: string = beforeAllBills;
  for (let bills: SelectedBill[] = []; ; after = bills.at(-1)?.billId ?? after) {
    bills = await readSelectedPage(database, { selection, after, limit: billsPerPage });
    if (bills.length > 0) yield bills;
    if (bills.length < billsPerPage) return;
  }
}

async function reasonToStop(
  { database }: RehearseDeps,
  { run, tally, signal }: Walk,
): Promise<WalkEnd | undefined> {
  if (signal.aborted) {
    return {
      kind: 'stopped',
      code: 'INTERRUPTED',
      why: 'it was interrupted; `run rehearse` goes on with it',
    };
  }
  if (tally.trouble !== undefined) {
    const why = `the provider took none of the last messages: ${tally.trouble}`;
    return { kind: 'stopped', code: 'PROVIDER', why };
  }
  const now = await findRunRow(database, run.id);
  if (now?.state === 'RUNNING') return undefined;
  return { kind: 'stopped', code: 'RUN', why: `the run is ${now?.state ?? 'gone'}` };
}

/** Adds the messages of an earlier part that have no result: they count as unknown. */
async function withUnknown(
  { database }: RehearseDeps,
  run: Run,
  counts: RehearsalCounts,
): Promise<RehearsalCounts> {
  const unknown = await countUnknownTests(database, run.number, rehearsalSuffix(run.id));
  const earlier = Math.max(0, unknown - counts.unknown);
  return { ...counts, unknown, sentBefore: Math.max(0, counts.sentBefore - earlier) };
}

/** Stores the end. If somebody else has stopped the run, only the facts are stored. */
async function keepEnd({ database }: RehearseDeps, ended: Ended): Promise<void> {
  const { run, end, counts, facts, actor } = ended;
  const { reasons, ...sums } = counts;
  const seen = { number: run.number, seenHash: run.planHash, actor, facts: { ...sums, ...reasons } };
  const isKept = await endRun(database, seen, { end, rehearsal: facts });
  if (!isKept) await keepRehearsal(database, run.number, facts);
}

interface Ended {
  readonly run: Run;
  readonly end: WalkEnd;
  readonly counts: RehearsalCounts;
  readonly facts: object;
  readonly actor: string;
}

async function endRun(
  database: Database,
  seen: RunChange,
  { end, rehearsal }: { readonly end: WalkEnd; readonly rehearsal: object },
): Promise<boolean> {
  if (end.kind !== 'stopped') return finishRunRow(database, seen, { rehearsal });
  if (end.code === 'RUN') return false;
  return pauseRunRow(database, seen, { code: end.code, detail: end.why, rehearsal });
}
