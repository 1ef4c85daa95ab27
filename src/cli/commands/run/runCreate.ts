import type { Command } from 'commander';
import type { RunAnswer, RunWithEvents } from '../../../api/contract/runsContract.ts';
import { draftOf, runOf, runWithEventsOf } from '../../../api/runOf.ts';
import { loadConfig } from '../../../config/loadConfig.ts';
import { createRun } from '../../../operations/runs/planRun.ts';
import { readHostTemplates } from '../../../operations/runs/planTemplates.ts';
import { proposeRun } from '../../../operations/runs/proposeRun.ts';
import { showTheirIds } from '../../../operations/theirIds.ts';
import type { PlanRequest } from '../../../runs/planRequest.ts';
import { addApiOptions, apiOfPerson } from '../../apiClient.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { type System, withSystem } from '../../openSystem.ts';
import { printFacts } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { addPlanOptions, type PlanOptions, readPlan } from './planOptions.ts';
import { runActorHere } from './runActorHere.ts';
import { draftText, runText } from './runLines.ts';

interface CreateOptions extends PlanOptions {
  readonly api?: string;
  readonly tokenFile?: string;
  readonly id?: string;
  readonly rehearsal?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function defineRunCreate(command: Command): void {
  addUsage(command, {
    examples: [
      ['run create --month 2026-11 --dry-run', 'count what November would send; make nothing'],
      ['run create --month 2026-11 --canary 1% --per-second 500 --deadline 2026-11-25T18:00', 'plan it'],
      ['run create --id vip --month 2026-11 --grade VIP --window mon-fri/09:00-18:00', 'a part of it'],
      [
        'run create --month 2026-11 --api https://billcast.example --token-file ~/.billcast-token',
        'as the person of that token, which FOUR_EYES asks for',
      ],
    ],
  });
  addApiOptions(addPlanOptions(command), 'who asks')
    .description('plan a run: its bills are counted, and nothing goes out')
    .option('--id <text>', 'what to call it (default: the month)')
    .option('--rehearsal', 'its bills are sent by `run rehearse`, to colleagues only, and stay held')
    .option('--dry-run', 'only count')
    .addOption(jsonOption())
    .action(create);
}

async function create(options: CreateOptions): Promise<void> {
  const config = loadConfig();
  const ask = apiOfPerson(config, options);
  if (ask === undefined) return withSystem((system) => createHere(system, options));
  const { id: runId, rehearsal = false, dryRun = false } = options;
  const plan = await readPlan({ config, database: undefined }, options);
  const answer = await ask('POST', '/api/v1/runs', { runId, plan, rehearsal, dryRun });
  if (dryRun) return print(Object(answer), { options, text: draftText(Object(answer), config.timeZone) });
  const { runId: made }: RunAnswer = Object(answer);
  const run: RunWithEvents = Object(await ask('GET', `/api/v1/runs/${made}`));
  print(answer, { options, text: runText(run, config.timeZone) });
}

async function createHere(system: System, options: CreateOptions): Promise<void> {
  const { config, database } = system;
  const plan = await readPlan(system, options);
  if (options.dryRun === true) return printDraft(system, plan, options);
  const access = { what: 'createRun', reason: options.id };
  const { id, rehearsal: isRehearsal = false } = options;
  const request = { id, plan, isRehearsal, actor: runActorHere() };
  const run = await recordAccess(database, access, () => createRun({ config, database }, request));
  const made = await showTheirIds(system, runOf(run));
  print(made, { options, text: runText(runWithEventsOf(run), config.timeZone) });
}

async function printDraft(system: System, plan: PlanRequest, options: CreateOptions): Promise<void> {
  const { config, database } = system;
  const templates = await readHostTemplates(config);
  const draft = draftOf(await proposeRun({ config, database }, plan, { templates }));
  print(await showTheirIds(system, draft), { options, text: draftText(draft, config.timeZone) });
}

function print(
  facts: object,
  { options, text }: { readonly options: CreateOptions; readonly text: string },
): void {
  if (options.json) printFacts(facts, options);
  else process.stdout.write(text);
}
