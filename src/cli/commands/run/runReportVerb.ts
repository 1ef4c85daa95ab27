import { type Command, Option } from 'commander';
import { BillcastError } from '../../../errors.ts';
import type { ReadOptions } from '../../../operations/runs/report/readReport.ts';
import { reportCsv } from '../../../operations/runs/report/reportCsv.ts';
import { reportHtml } from '../../../operations/runs/report/reportHtml.ts';
import { type ReportLanguage, reportLanguages } from '../../../operations/runs/report/reportPhrases.ts';
import {
  type ReportAnswer,
  readSignedText,
  reportOnMonth,
  reportOnRun,
} from '../../../operations/runs/report/runReport.ts';
import { parseMonth } from '../../arguments.ts';
import { countingBills } from '../../billCounter.ts';
import { addUsage } from '../../commandUsage.ts';
import { jsonOption } from '../../jsonOption.ts';
import { type System, withReadOnlySystem, withSystem } from '../../openSystem.ts';
import { printFacts } from '../../output.ts';
import { recordAccess } from '../../recordAccess.ts';
import { reportText } from './reportLines.ts';

export interface ReportedOptions {
  readonly run?: string | undefined;
  readonly month?: string;
}

interface ReportOptions extends ReportedOptions {
  readonly domains?: boolean;
  readonly signed?: boolean;
  readonly language?: ReportLanguage;
  readonly json?: boolean;
  readonly html?: boolean;
  readonly csv?: boolean;
}

export function defineRunReport(command: Command): void {
  addUsage(command, {
    examples: [
      ['run report 2026-11', 'what became of its bills, in bills and in money'],
      ['run report 2026-11 --html --language ko > november.html', 'a page to print'],
      ['run report --month 2026-11 --json', 'of all runs of November'],
      [
        'run report 2026-11 --signed > november.json',
        'the bytes that were signed: sha256sum gives their hash',
      ],
    ],
    exitsWith1: 'the sums do not add up, or the tables differ from what was signed',
  });
  addReported(command)
    .description(
      'account for every bill of a run or a month: delivered, failed, cancelled, in doubt and held, with sums of money',
    )
    .option('--domains', 'also by e-mail domain: opens every address, and is recorded')
    .option('--signed', 'print the report that was signed, byte for byte')
    .addOption(new Option('--language <name>', 'of the page').choices(reportLanguages).default('en'))
    .addOption(jsonOption().conflicts(['html', 'csv', 'signed']))
    .addOption(new Option('--html', 'print a page').conflicts(['csv', 'signed']))
    .addOption(new Option('--csv', 'print the sums as CSV').conflicts('signed'))
    .action((id: string | undefined, options: ReportOptions) => {
      const wanted = { ...options, run: options.run ?? id };
      reportedBy(wanted, { run: () => undefined, month: () => undefined });
      const open = options.domains ? withSystem : withReadOnlySystem;
      return open((system) => report(system, wanted));
    });
}

/** Adds the choice of a run, by an argument or an option, or of a month. */
export function addReported(command: Command): Command {
  return command
    .argument('[run]', 'the run')
    .option('--run <id>', 'the run')
    .option('--month <YYYY-MM>', 'all runs of this month', parseMonth);
}

/** @throws BillcastError USAGE unless just one of both is given */
export function reportedBy<T>(
  { run, month }: ReportedOptions,
  by: { readonly run: (id: string) => T; readonly month: (month: string) => T },
): T {
  if (run !== undefined && month === undefined) return by.run(run);
  if (month !== undefined && run === undefined) return by.month(month);
  throw new BillcastError('USAGE', 'name a run, or a month by --month');
}

async function report(system: System, options: ReportOptions): Promise<void> {
  if (options.signed) {
    const scope = reportedBy<ReportedOptions>(options, {
      run: (run) => ({ run }),
      month: (month) => ({ month }),
    });
    process.stdout.write(await readSignedText(system, scope));
    return;
  }
  const answer = options.domains
    ? await recordAccess(
        system.database,
        { what: 'reportDomains', reason: options.run ?? options.month },
        () => read(system, options),
      )
    : await read(system, options);
  print(answer, options, system.config.timeZone);
  if (!answer.report.addsUp || (answer.signature?.differs.length ?? 0) > 0) process.exitCode = 1;
}

function read(system: System, options: ReportOptions): Promise<ReportAnswer> {
  const { domains: withDomains = false } = options;
  return countingBills('bills looked at', (onProgress) => {
    const how: ReadOptions = { withDomains, onProgress };
    return reportedBy(options, {
      run: (runId) => reportOnRun(system, { ...how, runId }),
      month: (month) => reportOnMonth(system, { ...how, month }),
    });
  });
}

function print(answer: ReportAnswer, options: ReportOptions, timeZone: string): void {
  const { report: facts, signature } = answer;
  const { language = 'en' } = options;
  if (options.json) printFacts({ ...facts, signature }, options);
  else if (options.html) process.stdout.write(reportHtml({ ...answer, language, timeZone }));
  else if (options.csv) process.stdout.write(reportCsv(facts));
  else process.stdout.write(reportText(answer, timeZone));
}
