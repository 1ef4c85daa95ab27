import type { Command } from 'commander';
import type { RunAnswer } from '../../../api/contract/runsContract.ts';
import { runOf, runWithEventsOf } from '../../../api/runOf.ts';
import { loadConfig } from '../../../config/loadConfig.ts';
import { BillcastError } from '../../../errors.ts';
import { counted } from '../../../lib/counted.ts';
import { changeRun } from '../../../operations/runs/planRun.ts';
import { findRun } from '../../../operations/runs/readRuns.ts';
import { showTheirIds } from '../../../operations/theirIds.ts';
import { requestOf } from '../../../runs/plan.ts';
import type { PlanRequest } from '../../../runs/planRequest.ts';
import { addApiOptions, apiOfPerson } from '../../apiClient.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { type System, withSystem } from '../../openSystem.ts';
import { printFacts } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { addPlanOptions, type PlanOptions, readPlan } from './planOptions.ts';
import { runActorHere } from './runActorHere.ts';
import { runText } from './runLines.ts';

interface ChangeOptions extends PlanOptions {
  readonly api?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

export function defineRunChange(command: Command): void {
  addUsage(command, {
    examples: [
      ['run change 2026-11 --per-second 200', 'another pace'],
      ['run change 2026-11', 'count its bills again, with the templates of this host'],
    ],
  });
  addApiOptions(addPlanOptions(command), 'who asks')
    .description('change parts of a plan that is not started, or count its bills again; its approval is gone')
    .argument('<run>', 'the run')
    .addOption(jsonOption())
    .action(change);
}

async function change(id: string, options: ChangeOptions): Promise<void> {
  const config = loadConfig();
  const ask = apiOfPerson(config, options);
  if (ask === undefined) return withSystem((system) => changeHere(system, id, options));
  const path = `/api/v1/runs/${encodeURIComponent(id)}`;
  const before: RunAnswer = Object(await ask('GET', path));
  const plan = await readPlan({ config, database: undefined }, options, planBefore(before, options));
  const changed: RunAnswer = Object(await ask('POST', `${path}/change`, { planHash: before.planHash, plan }));
  if (options.json) printFacts(changed, options);
  else process.stdout.write(runText(Object(await ask('GET', path)), config.timeZone));
}

async function changeHere(system: System, id: string, options: ChangeOptions): Promise<void> {
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

/**
 * The plan before the change. The API shows only a part of a long list of bills, which must not become the
 * plan.
 */
function planBefore({ plan, billCount = 0 }: RunAnswer, { bill, file }: ChangeOptions): PlanRequest {
  const before = requestOf(Object(plan));
  const shown = before.selection.billIds?.length ?? 0;
  if (billCount === shown || bill !== undefined || file !== undefined) return before;
  throw new BillcastError(
    'USAGE',
    `the run has ${counted(billCount, 'bill')} by their ids: give them again with --file`,
  );
}
