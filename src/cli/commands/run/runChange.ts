import type { Command } from 'commander';
import { runOf, runWithEventsOf } from '../../../api/runOf.ts';
import { changeRun } from '../../../operations/runs/planRun.ts';
import { findRun } from '../../../operations/runs/readRuns.ts';
import { showTheirIds } from '../../../operations/theirIds.ts';
import { requestOf } from '../../../runs/planRequest.ts';
import { addUsage } from '../../commandUsage.ts';
import { type System, withSystem } from '../../openSystem.ts';
import { printFacts } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { addPlanOptions, type PlanOptions, readPlan } from './planOptions.ts';
import { runActorHere } from './runActorHere.ts';
import { runText } from './runLines.ts';

interface ChangeOptions extends PlanOptions {
  readonly json?: boolean;
}

export function defineRunChange(command: Command): void {
  addUsage(command, {
    examples: [
      ['run change 2026-11 --per-second 200', 'another pace'],
      ['run change 2026-11', 'count its bills again, with the templates of this host'],
    ],
  });
  addPlanOptions(
    command.description(
      'change parts of a plan that is not started, or count its bills again; its approval is gone',
    ),
  )
    .argument('<run>', 'the run')
    .option('--json', 'print the facts as one line of JSON')
    .action((id: string, options: ChangeOptions) => withSystem((system) => change(system, id, options)));
}

async function change(system: System, id: string, options: ChangeOptions): Promise<void> {
  const { config, database } = system;
  const { run: before } = await findRun({ database }, id);
  const plan = await readPlan(system, options, requestOf(before.plan));
  const request = { id, seenHash: before.planHash, plan, actor: runActorHere() };
  const run = await recordAccess(database, { what: 'changeRun', reason: id }, () =>
    changeRun({ config, database }, request),
  );
  if (options.json) printFacts(await showTheirIds(system, runOf(run)), options);
  else process.stdout.write(runText(runWithEventsOf(run), config.timeZone));
}
