import type { Run } from '../../../db/runs/runRows.ts';
import { readSignedReport, type SignedReport, type SignedScope } from '../../../db/runs/signedReports.ts';
import { BillcastError } from '../../../errors.ts';
import { demandRun } from '../readRuns.ts';
import { type ReadOptions, type ReportDeps, type Reported, readReport } from './readReport.ts';
import type { Report } from './reportFacts.ts';

/** A report, and its signature if somebody has signed it off. */
export interface ReportAnswer {
  /** The signed report; if there is none, the report from the present tables. */
  readonly report: Report;
  readonly signature: ReportSignature | null;
}

/** Who signed the report off. */
export interface ReportSignature extends Pick<SignedReport, 'sha256' | 'note'> {
  readonly by: string;
  readonly at: string;
  /** The parts of the report that would be different now; empty if none. */
  readonly differs: readonly string[];
}

/** Reports on the bills of a run. @throws BillcastError RUN_NOT_FOUND */
export async function reportOnRun(
  deps: ReportDeps,
  { runId, ...options }: ReadOptions & { readonly runId: string },
): Promise<ReportAnswer> {
  const run = await demandRun(deps.database, runId);
  return answerOf(deps, { run: run.number }, () => readReport(deps, reportedOf(run), options));
}

/**
 * Reports on the bills of a month, whichever run has them.
 * @param month its first day, `YYYY-MM-DD`
 */
export async function reportOnMonth(
  deps: ReportDeps,
  { month, ...options }: ReadOptions & { readonly month: string },
): Promise<ReportAnswer> {
  return answerOf(deps, { month }, () => readReport(deps, reportedMonth(month), options));
}

export function reportedOf({ id, number, state, plan, proposal }: Run): Reported {
  return {
    scope: { kind: 'run', run: id, state },
    among: { selection: plan.selection, run: number, heldSince: proposal?.asOf },
    approved:
      proposal === null || proposal.bills === null
        ? undefined
        : { bills: proposal.bills, amount: proposal.amount },
  };
}

export function reportedMonth(month: string): Reported {
  const name = month.slice(0, 7);
  return {
    scope: { kind: 'month', month: name },
    among: { selection: { month: name } },
    approved: undefined,
  };
}

/**
 * The stored bytes of a signed report, of a run or of a month.
 * @throws BillcastError RUN_NOT_FOUND; USAGE if nobody has signed it
 */
export async function readSignedText(
  { database }: Pick<ReportDeps, 'database'>,
  { run, month }: { readonly run?: string | undefined; readonly month?: string | undefined },
): Promise<string> {
  const scope = run === undefined ? { month: month ?? '' } : { run: (await demandRun(database, run)).number };
  const signed = await readSignedReport(database, scope);
  if (signed !== undefined) return signed.text;
  throw new BillcastError('USAGE', `nobody has signed the report of ${run ?? month}: billcast run sign`);
}

async function answerOf(
  { database }: ReportDeps,
  scope: SignedScope,
  read: () => Promise<Report>,
): Promise<ReportAnswer> {
  const signed = await readSignedReport(database, scope);
  const now = await read();
  if (signed === undefined) return { report: now, signature: null };
  const report = JSON.parse(signed.text) as Report;
  const { sha256, note, signedBy: by, signedAt } = signed;
  return {
    report,
    signature: { sha256, note, by, at: signedAt.toISOString(), differs: differencesOf(report, now) },
  };
}

function differencesOf(signed: Report, now: Report): string[] {
  return compared.filter((part) => JSON.stringify(signed[part]) !== JSON.stringify(now[part]));
}

/** The parts that are compared: bills and sums, but not the time, nor prices, which are settings. */
const compared = [
  'batch',
  'delivered',
  'failed',
  'cancelled',
  'inDoubt',
  'held',
  'outside',
  'byChannel',
  'byPath',
  'byReason',
  'receipts',
] as const satisfies (keyof Report)[];
