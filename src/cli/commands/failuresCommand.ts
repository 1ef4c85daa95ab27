import type { Command } from 'commander';
import { timeIn } from '../../lib/timeText.ts';
import { type FailureFacts, readFailures } from '../../operations/readFailures.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { parseMonth } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withReadOnlySystem } from '../openSystem.ts';
import { formatCount, printFacts } from '../output.ts';

interface FailuresOptions {
  readonly month?: string;
  readonly json?: boolean;
}

export function defineFailures(command: Command): void {
  addUsage(command, {
    examples: [
      ['failures --month 2026-11', 'why bills of November failed, the most frequent reason first'],
      ['failures --json', 'the same of all months, for a script'],
    ],
  });
  command
    .description('Groups the failed bills by reason, with the first and the last failure.')
    .option('--month <YYYY-MM>', 'the bills of this month', parseMonth)
    .addOption(jsonOption())
    .action(({ month, json }: FailuresOptions) =>
      withReadOnlySystem(async ({ database, config }) => {
        const facts = await showTheirIds({ database, config }, await readFailures({ database }, { month }));
        if (json) printFacts(facts, { json });
        else process.stdout.write(failureLines(facts, config.timeZone));
      }),
    );
}

/** Pure: a few lines per reason. */
export function failureLines({ total, groups }: FailureFacts, timeZone: string): string {
  if (total === 0) return 'no bill has failed\n';
  const time = timeIn(timeZone);
  return groups
    .map(({ reason, count, retransmissions, firstAt, lastAt, meaning }) => {
      const retried = `${formatCount(retransmissions)} of them are retried by themselves`;
      const span = `${time(firstAt)} to ${time(lastAt)} (${timeZone})`;
      const lines = [meaning, retried, span].filter((line) => line !== null);
      return `${formatCount(count).padStart(9)}  ${reason}\n${lines.map((line) => `${' '.repeat(11)}${line}\n`).join('')}`;
    })
    .join('');
}
