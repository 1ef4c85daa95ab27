import type { Command } from 'commander';
import type { RunAnswer, RunWithEvents } from '../../../api/contract/runsContract.ts';
import { runOf, runWithEventsOf } from '../../../api/runOf.ts';
import { type Config, loadConfig } from '../../../config/loadConfig.ts';
import { counted } from '../../../lib/counted.ts';
import { approveRun } from '../../../operations/runs/decideRun.ts';
import { findRun } from '../../../operations/runs/readRuns.ts';
import { showTheirIds } from '../../../operations/theirIds.ts';
import { type AskApi, addApiOptions, apiOfPerson } from '../../apiClient.ts';
import { addUsage } from '../../commandUsage.ts';
import { confirm } from '../../confirm.ts';
import { jsonOption } from '../../jsonOption.ts';
import { type System, withSystem } from '../../openSystem.ts';
import { printFacts, printNote } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { runActorHere } from './runActorHere.ts';
import { runText } from './runLines.ts';

interface ApproveOptions {
  readonly api?: string;
  readonly tokenFile?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function defineRunApprove(command: Command): void {
  addUsage(command, {
    examples: [
      ['run approve 2026-11', 'show the plan and ask'],
      [
        'run approve 2026-11 --api https://billcast.example --token-file ~/.billcast-token',
        'as the person of that token: with FOUR_EYES, another one than who asked for it',
      ],
    ],
    exitsWith1: 'nothing was approved',
  });
  addApiOptions(command, 'who approves')
    .description('approve the plan of a run as it is; with FOUR_EYES by an API token only')
    .argument('<run>', 'the run')
    .option('--yes', 'do not ask; needed without a terminal')
    .addOption(jsonOption())
    .action((id: string, options: ApproveOptions) => approve(id, options));
}

async function approve(id: string, options: ApproveOptions): Promise<void> {
  const config = loadConfig();
  const ask = apiOfPerson(config, options);
  if (ask === undefined) await withSystem((system) => approveHere(system, id, options));
  else await approveByApi(id, { ...options, ask, config });
}

async function approveHere(system: System, id: string, options: ApproveOptions): Promise<void> {
  const { config, database } = system;
  const { run, ...facts } = await findRun({ database }, id);
  if (!(await isWanted(runWithEventsOf(run, facts), { ...options, config }))) return;
  const request = { id, seenHash: run.planHash, actor: runActorHere() };
  const approved = await recordAccess(database, { what: 'approveRun', reason: id }, () =>
    approveRun({ config, database }, request),
  );
  printApproved(await showTheirIds(system, runOf(approved)), options);
}

interface ByApi extends ApproveOptions {
  readonly ask: AskApi;
  readonly config: Config;
}

async function approveByApi(id: string, { ask, config, ...options }: ByApi): Promise<void> {
  const path = `/api/v1/runs/${encodeURIComponent(id)}`;
  const seen: RunWithEvents = Object(await ask('GET', path));
  if (!(await isWanted(seen, { ...options, config }))) return;
  printApproved(Object(await ask('POST', `${path}/approve`, { planHash: seen.planHash })), options);
}

/** Shows just what will be approved, and asks. */
async function isWanted(
  seen: RunWithEvents,
  { config, ...options }: ApproveOptions & { readonly config: Config },
): Promise<boolean> {
  if (options.json !== true) process.stdout.write(runText(seen, config.timeZone));
  const bills = seen.proposal?.bills ?? null;
  const many = bills === null ? 'bills that nobody has counted' : `${counted(bills, 'bill')}`;
  if (await confirm(`Approve run ${seen.runId} with ${many} as it stands here?`, options)) return true;
  printNote('Nothing was approved.');
  process.exitCode = 1;
  return false;
}

function printApproved(run: RunAnswer, options: ApproveOptions): void {
  printFacts(options.json ? run : { run: run.runId, state: run.state }, options);
}
