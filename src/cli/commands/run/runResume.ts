import type { Command } from 'commander';
import type { RunAnswer } from '../../../api/contract/runsContract.ts';
import { loadConfig } from '../../../config/loadConfig.ts';
import { resumeRun } from '../../../operations/runs/steerRun.ts';
import { addApiOptions, apiOfPerson } from '../../apiClient.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { printFacts } from '../../output.ts';
import { steer } from './steering.ts';

export function defineRunResume(command: Command): void {
  addUsage(command, {
    examples: [
      ['run resume 2026-11', 'release on, also after a canary that waits for a person'],
      ['run resume 2026-11 --reason "known addresses"', 'although a gate holds it'],
      [
        'run resume 2026-11 --reason "known addresses" --token-file ~/.billcast-token',
        'the same as the person of that token: with FOUR_EYES, another one than who asked for the run',
      ],
    ],
  });
  addApiOptions(command, 'who resumes it')
    .description('release on; with a reason, although a gate holds the run')
    .option('--reason <text>', 'why; needed to overrule a gate')
    .argument('<run>', 'the run')
    .addOption(jsonOption())
    .action(resume);
}

interface ResumeOptions {
  readonly reason?: string;
  readonly api?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

async function resume(id: string, options: ResumeOptions): Promise<void> {
  const ask = apiOfPerson(loadConfig(), options);
  if (ask === undefined) return steer(id, options, { what: 'resumeRun', work: resumeRun });
  const path = `/api/v1/runs/${encodeURIComponent(id)}`;
  const { hold }: RunAnswer = Object(await ask('GET', path));
  const verb = hold?.code.startsWith('GATE_') === true ? 'overrule' : 'resume';
  const run: RunAnswer = Object(await ask('POST', `${path}/${verb}`, { reason: options.reason }));
  printFacts(options.json ? run : { run: id, state: run.state }, options);
}
