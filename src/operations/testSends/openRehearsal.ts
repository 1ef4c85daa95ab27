import type { Database } from '../../db/database.ts';
import { approveRunRow, type RunChange, resumeRunRow, startRunRow } from '../../db/runs/runChanges.ts';
import type { Run } from '../../db/runs/runRows.ts';
import { BillcastError } from '../../errors.ts';
import { demandRun } from '../runs/readRuns.ts';

/**
 * Starts a rehearsal run, or continues it after a stop or a crash. Unless it takes four eyes, whoever
 * rehearses also approves it, since no member gets a bill by it.
 * @throws BillcastError RUN_NOT_FOUND; APPROVAL_NEEDED; RUN_MOVED_ON if it is over; USAGE if it is no
 * rehearsal
 */
export async function openRehearsal(
  database: Database,
  { id, actor }: { readonly id: string; readonly actor: string },
): Promise<Run> {
  const run = await demandRun(database, id);
  demandRehearsal(run);
  const opened = await open(database, run, { number: run.number, seenHash: run.planHash, actor });
  if (!opened) {
    throw new BillcastError('RUN_MOVED_ON', `run ${id} was changed just now: look at it and try again`);
  }
  return run;
}

/** @throws BillcastError USAGE if it is none */
export function demandRehearsal({ id, kind }: Pick<Run, 'id' | 'kind'>): void {
  if (kind === 'REHEARSAL') return;
  throw new BillcastError(
    'USAGE',
    `run ${id} is no rehearsal, and its bills are for its members: make one with \`billcast run create --rehearsal\``,
  );
}

async function open(database: Database, run: Run, seen: RunChange): Promise<boolean> {
  const start = { phase: 'REST', fourEyes: run.fourEyes } as const;
  switch (run.state) {
    case 'DRAFT':
      if (run.fourEyes) {
        throw new BillcastError(
          'APPROVAL_NEEDED',
          `run ${run.id} waits for the approval of another person: \`npx billcast run approve ${run.id}\``,
        );
      }
      return (
        (await approveRunRow(database, seen, { fourEyes: false, bothNamed: false })) &&
        startRunRow(database, seen, start)
      );
    case 'APPROVED':
      return startRunRow(database, seen, start);
    case 'RUNNING':
      return true;
    case 'PAUSED':
      return resumeRunRow(database, seen, false);
    case 'DONE':
    case 'CLOSED':
      throw new BillcastError(
        'RUN_MOVED_ON',
        `run ${run.id} is ${run.state}: make another one to rehearse again`,
      );
    default:
      return run.state satisfies never;
  }
}
