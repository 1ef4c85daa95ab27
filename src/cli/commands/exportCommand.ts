import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { type Channel, channelNames } from '../../channels.ts';
import { exportBills } from '../../operations/exportBills.ts';
import { demandRun } from '../../operations/runs/readRuns.ts';
import type { Sought } from '../../operations/searchBills.ts';
import { type SearchState, searchStates } from '../../operations/searchStates.ts';
import { parseMonth } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { withSystem } from '../openSystem.ts';
import { formatCount } from '../output.ts';
import { recordAccess } from '../recordAccess.ts';

interface ExportOptions {
  readonly run?: string;
  readonly month?: string;
  readonly state?: SearchState;
  readonly channel?: Channel;
  readonly code?: string;
  readonly reason: string;
}

export function defineExport(command: Command): void {
  addUsage(command, {
    examples: [
      ['export --month 2026-11 --reason "month-end report" > november.csv', 'a line per bill of November'],
      ['export --run 2026-11 --reason "month-end report" > run.csv', 'a line per bill of a run'],
      ['export --state FAILED --reason "letters for the printer" > letters.csv', 'all who got none'],
    ],
  });
  command
    .description(
      'Writes who got a bill, who did not, and why, as CSV. Nothing sealed is opened; the export is recorded.',
    )
    .option('--run <id>', 'the bills that this run released')
    .option('--month <YYYY-MM>', 'the bills of this month', parseMonth)
    .addOption(new Option('--state <name>', 'only those in this state').choices(searchStates))
    .addOption(new Option('--channel <name>', 'only those on this channel').choices(channelNames))
    .option('--code <reason code>', 'only those with this reason, such as EMAIL_REFUSED')
    .requiredOption('--reason <text>', 'why you need it; kept with the access record')
    .action(({ reason, code, run: runId, ...where }: ExportOptions) =>
      withSystem(async ({ config, database }) => {
        const run = runId === undefined ? undefined : (await demandRun(database, runId)).number;
        const sought: Sought = { ...where, run, reason: code };
        const bills = await recordAccess(database, { what: 'export', reason }, async () => {
          let written = 0;
          for await (const { text, bills: inPart } of exportBills({ config, database }, sought)) {
            if (!process.stdout.write(text)) await once(process.stdout, 'drain');
            written += inPart;
          }
          return written;
        });
        process.stderr.write(`bills: ${formatCount(bills)}\n`);
      }),
    );
}
