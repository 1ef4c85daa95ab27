import type { Command } from 'commander';
import { BillcastError } from '../../errors.ts';
import type { ForecastRequest } from '../../operations/forecast/forecast.ts';
import { forecastAndKeep } from '../../operations/forecast/keepForecast.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { completeSelection } from '../../runs/plan.ts';
import { parseCount } from '../arguments.ts';
import { countingBills } from '../billCounter.ts';
import { readNamedBills } from '../billFile.ts';
import { numbersOfNamed } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { forecastLines } from '../forecastLines.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withSystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';
import { addBillOptions, addMonthOption, requireOption, type SelectionOptions } from '../selectionOptions.ts';

interface ForecastOptions extends SelectionOptions {
  readonly sample?: number;
  readonly perSecond?: number;
  readonly json?: boolean;
}

export function defineForecast(command: Command): void {
  addUsage(command, {
    examples: [
      [
        'forecast --month 2026-11',
        'what the held bills of November will become, how long it takes, what it costs',
      ],
      ['forecast --month 2026-11 --sample 20000', 'the same from about 20,000 bills, in seconds'],
      ['forecast --file bills.csv --json', 'of these bills, for a script'],
    ],
  });
  command.description(
    'Looks at held bills as they would be sent, and says what to expect: channels, failures, duration, cost, and ' +
      'bills that a person should look at. Changes and sends nothing.',
  );
  addMonthOption(addBillOptions(command))
    .option('--sample <bills>', 'look at about so many only, spread over all', parseCount)
    .option('--per-second <bills>', 'the pace that is planned, for the duration', parseCount)
    .addOption(jsonOption())
    .action((options: ForecastOptions) => withSystem((system) => run(system, options)));
}

async function run(system: System, options: ForecastOptions): Promise<void> {
  const { json, sample, perSecond, month } = options;
  const request = { selection: await selectionOf(system, options), sample, perSecond };
  const asked = { request, requestedBy: personAtTerminal() };
  const made = await recordAccess(system.database, { what: 'forecast', reason: month }, () =>
    countingBills('bills looked at', (onProgress) =>
      forecastAndKeep(system, asked, { onProgress: ({ done }) => onProgress(done) }),
    ),
  );
  const facts = await showTheirIds(system, made);
  if (json) printFacts(facts, { json });
  else process.stdout.write(forecastLines(facts));
}

/** @throws BillcastError USAGE if no bills are named, or both a month and bills */
async function selectionOf(system: System, options: ForecastOptions): Promise<ForecastRequest['selection']> {
  requireOption(options, ['month', 'bill', 'file']);
  const { billIds: typed } = await readNamedBills(options);
  const billIds = await numbersOfNamed(system, typed);
  if (billIds !== undefined && options.month !== undefined) {
    throw new BillcastError(
      'USAGE',
      'a forecast is about a month or about named bills: leave one of both out',
    );
  }
  return completeSelection({ month: options.month?.slice(0, 7), billIds: billIds && [...billIds] });
}
