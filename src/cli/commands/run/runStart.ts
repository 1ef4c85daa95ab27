import type { Command } from 'commander';
import { runOf } from '../../../api/runOf.ts';
import { counted } from '../../../lib/counted.ts';
import { startRun } from '../../../operations/runs/decideRun.ts';
import { findRun } from '../../../operations/runs/readRuns.ts';
import { showTheirIds } from '../../../operations/theirIds.ts';
import { addUsage } from '../../commandUsage.ts';
import { confirm } from '../../confirm.ts';
import { noteHindrances } from '../../hindranceNotes.ts';
import { jsonOption } from '../../jsonOption.ts';
import { type System, withSystem } from '../../openSystem.ts';
import { printFacts, printNote } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { runActorHere } from './runActorHere.ts';

interface StartOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function defineRunStart(command: Command): void {
  addUsage(command, {
    examples: [['run start 2026-11', 'start it, after a question; the dispatchers release its bills']],
    exitsWith1: 'nothing was started',
  });
  command
    .description('start an approved run, if templates and bills are as they were approved')
    .argument('<run>', 'the run')
    .option('--yes', 'do not ask; needed without a terminal')
    .addOption(jsonOption())
    .action((id: string, options: StartOptions) => withSystem((system) => start(system, id, options)));
}

async function start(system: System, id: string, options: StartOptions): Promise<void> {
  const { config, database } = system;
  const { run: before } = await findRun({ database }, id);
  const bills = counted(before.proposal?.bills ?? 0, 'bill');
  // In any other state nothing would go out, and startRun says why.
  if (before.state === 'APPROVED' && !(await confirm(`Start run ${id} and release ${bills}?`, options))) {
    printNote('Nothing was started.');
    process.exitCode = 1;
    return;
  }
  const run = await recordAccess(database, { what: 'startRun', reason: id }, () =>
    startRun({ config, database }, { id, actor: runActorHere() }),
  );
  printFacts(
    options.json ? await showTheirIds(system, runOf(run)) : { run: id, state: run.state, phase: run.phase },
    options,
  );
  await noteHindrances({ config, database });
}
