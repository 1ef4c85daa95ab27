import type { Command } from 'commander';
import { loadConfig } from '../../../config/loadConfig.ts';
import { signMonth, signRun } from '../../../operations/runs/report/signReport.ts';
import { addApiOptions, apiOfPerson } from '../../apiClient.ts';
import { countingBills } from '../../billCounter.ts';
import { addUsage } from '../../commandUsage.ts';
import { confirm } from '../../confirm.ts';
import { jsonOption } from '../../jsonOption.ts';
import { type System, withSystem } from '../../openSystem.ts';
import { printFacts, printNote } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { runActorHere } from './runActorHere.ts';
import { addReported, type ReportedOptions, reportedBy } from './runReportVerb.ts';

interface SignOptions extends ReportedOptions {
  readonly note?: string;
  readonly api?: string;
  readonly tokenFile?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function defineRunSign(command: Command): void {
  addUsage(command, {
    examples: [
      ['run sign 2026-11', 'keep its report for good and close the run, after a question'],
      ['run sign --month 2026-11 --note "two bills are with the printer"', 'all runs of a closed month'],
      ['run sign 2026-11 --token-file ~/.billcast-token', 'as the person of that token'],
    ],
    exitsWith1: 'nothing was signed',
  });
  addApiOptions(addReported(command), 'who signs')
    .description('sign the report of a run that is done, or of a closed month: it is kept, and never changes')
    .option('--note <text>', 'why, although a check of the report does not hold; kept with it')
    .option('--yes', 'do not ask; needed without a terminal')
    .addOption(jsonOption())
    .action((id: string | undefined, options: SignOptions) => sign({ ...options, run: options.run ?? id }));
}

async function sign(options: SignOptions): Promise<void> {
  const name = reportedBy(options, { run: (id) => `run ${id}`, month: (month) => month.slice(0, 7) });
  if (!(await confirm(`Sign the report of ${name}? It cannot be taken back.`, options))) {
    printNote('Nothing was signed.');
    process.exitCode = 1;
    return;
  }
  const ask = apiOfPerson(loadConfig(), options);
  if (ask === undefined) {
    await withSystem((system) => signHere(system, options));
    return;
  }
  const path = reportedBy(options, {
    run: (id) => `/api/v1/runs/${encodeURIComponent(id)}/sign`,
    month: (month) => `/api/v1/months/${month.slice(0, 7)}/sign`,
  });
  printFacts(await ask('POST', path, { note: options.note }), options);
}

async function signHere(system: System, options: SignOptions): Promise<void> {
  const { note } = options;
  const reason = [options.run ?? options.month, ...(note === undefined ? [] : [note])].join(': ');
  const facts = await recordAccess(system.database, { what: 'signReport', reason }, () =>
    countingBills('bills looked at', (onProgress) => {
      const request = { note, onProgress, actor: runActorHere() };
      return reportedBy(options, {
        run: (runId) => signRun(system, { ...request, runId }),
        month: (month) => signMonth(system, { ...request, month }),
      });
    }),
  );
  printFacts(facts, options);
}
