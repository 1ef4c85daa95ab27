import { createHash } from 'node:crypto';
import type { Run } from '../../../db/runs/runRows.ts';
import {
  readSignedReport,
  type Signature,
  signMonthReport,
  signRunReport,
} from '../../../db/runs/signedReports.ts';
import { readClosedMonth } from '../../../db/transitions/closedMonths.ts';
import { BillcastError } from '../../../errors.ts';
import { refuseOneself, takesFourEyes } from '../fourEyes.ts';
import { demandRun } from '../readRuns.ts';
import type { RunActor } from '../runActor.ts';
import { type ReadOptions, type ReportDeps, readReport } from './readReport.ts';
import type { Report } from './reportFacts.ts';
import { reportedMonth, reportedOf } from './runReport.ts';

export interface SignRequest extends ReadOptions {
  readonly actor: RunActor;
  /** A reason, which is needed if a check of the report does not hold. */
  readonly note?: string | undefined;
}

export interface SignFacts {
  /** The hash of the stored report, in hex. */
  readonly sha256: string;
  readonly signedBy: string;
  readonly addsUp: boolean;
  /** Bills in doubt. If it is found out later what became of them, the tables will differ from the report. */
  readonly inDoubt: number;
}

/**
 * Stores the report of a run for good, and closes the run.
 * @throws BillcastError RUN_NOT_FOUND; RUN_MOVED_ON if it is not DONE; APPROVAL_NEEDED and OWN_RUN with four
 * eyes; USAGE if it is not over, or does not add up and there is no note
 */
export async function signRun(
  deps: ReportDeps,
  { runId, actor, note, ...options }: SignRequest & { readonly runId: string },
): Promise<SignFacts> {
  const run = await demandRun(deps.database, runId);
  if (run.state !== 'DONE') {
    throw new BillcastError(
      'RUN_MOVED_ON',
      `run ${runId} is ${run.state}: only a run that is DONE can be signed off`,
    );
  }
  refuseSigner(run, { actor, needsFourEyes: run.fourEyes || (await takesFourEyes(deps)) });
  const report = await readReport(deps, reportedOf({ ...run, state: 'CLOSED' }), options);
  const signature = signatureOf(report, { actor, note });
  if (!(await signRunReport(deps.database, run.number, signature))) {
    throw new BillcastError('RUN_MOVED_ON', `run ${runId} has changed meanwhile: look at it again`);
  }
  return factsOf(report, signature);
}

/**
 * Does the same for a closed month, over all of its runs.
 * @param request.month its first day, `YYYY-MM-DD`
 * @throws BillcastError APPROVAL_NEEDED with four eyes, USAGE if it is open or signed, or does not add up
 */
export async function signMonth(
  deps: ReportDeps,
  { month, actor, note, ...options }: SignRequest & { readonly month: string },
): Promise<SignFacts> {
  const name = month.slice(0, 7);
  if ((await readSignedReport(deps.database, { month })) !== undefined) {
    throw new BillcastError('USAGE', `${name} is signed off already: billcast run report --month ${name}`);
  }
  const state = await readClosedMonth(deps.database, month);
  if (state !== 'closed') {
    throw new BillcastError('USAGE', `${name} is ${state ?? 'open'}: first billcast close --month ${name}`);
  }
  refuseSigner({ id: name, requestedBy: null }, { actor, needsFourEyes: await takesFourEyes(deps) });
  const report = await readReport(deps, reportedMonth(month), options);
  const signature = signatureOf(report, { actor, note });
  if (!(await signMonthReport(deps.database, month, signature))) {
    throw new BillcastError('USAGE', `${name} was opened or signed meanwhile: look at it again`);
  }
  return factsOf(report, signature);
}

function refuseSigner(
  { id, requestedBy }: Pick<Run, 'id'> & { readonly requestedBy: string | null },
  { actor, needsFourEyes }: { readonly actor: RunActor; readonly needsFourEyes: boolean },
): void {
  if (!needsFourEyes) return;
  refuseOneself(actor, { what: id, requestedBy, done: 'signed', command: 'run sign' });
}

function signatureOf(report: Report, { actor, note = '' }: Pick<SignRequest, 'actor' | 'note'>): Signature {
  if (!report.isOver) {
    throw new BillcastError(
      'USAGE',
      'bills still wait, are on their way or are sent again by themselves: sign when it is over',
    );
  }
  const broken = report.checks.filter(({ ok }) => !ok);
  if (broken.length > 0 && note.trim() === '') {
    const why = broken.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
    throw new BillcastError(
      'USAGE',
      `the report does not add up (${why}). To sign it all the same, say why (--note)`,
    );
  }
  const text = JSON.stringify(report);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { text, sha256, note: note.trim() === '' ? null : note, signedBy: actor.name };
}

function factsOf({ addsUp, inDoubt }: Report, { sha256, signedBy }: Signature): SignFacts {
  return { sha256, signedBy, addsUp, inDoubt: inDoubt.bills };
}
