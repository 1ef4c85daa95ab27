import type { Command } from 'commander';
import { counted } from '../../lib/counted.ts';
import { type AuditReport, readAudit } from '../../operations/readAudit.ts';
import { parseMonth } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withReadOnlySystem } from '../openSystem.ts';
import { formatCount, printFacts } from '../output.ts';

interface AuditOptions {
  readonly month: string;
  readonly json?: boolean;
}

export function defineAudit(command: Command): void {
  addUsage(command, {
    examples: [
      ['audit --month 2026-11', 'the unusual first'],
      ['audit --month 2026-11 --json > audit.json', 'all of it, to keep'],
    ],
    exitsWith1: 'an access record was changed or removed',
  });
  command
    .description(
      'Reports who changed or opened what in a month, the unusual first, and checks that no access record was changed or ' +
        'removed.',
    )
    .requiredOption('--month <YYYY-MM>', 'the month in which it happened, by TIME_ZONE', parseMonth)
    .addOption(jsonOption())
    .action((options: AuditOptions) =>
      withReadOnlySystem(async ({ database, config: { timeZone } }) => {
        const report = await readAudit({ database, timeZone }, { month: options.month.slice(0, 7) });
        if (options.json) printFacts(report, options);
        else process.stdout.write(auditText(report));
        if (!report.chain.intact) process.exitCode = 1;
      }),
    );
}

/** The report for people. */
export function auditText({ month, chain, unusual, people }: AuditReport): string {
  return [
    `Access records of ${month}`,
    '',
    chain.intact
      ? `The chain of ${counted(chain.records, 'record')} is intact; its end is ${chain.head ?? 'empty'}.`
      : `THE CHAIN IS BROKEN at record ${chain.brokenAt}: records were changed or removed.`,
    '',
    unusual.length === 0 ? 'Nothing is unusual.' : 'Unusual:',
    ...unusual.map(({ who, what, count, why }) => `  ${who}  ${what}  ${times(count)}  ${why}`),
    '',
    people.length === 0 ? 'Nobody changed or opened anything.' : 'Everybody:',
    ...people.map(
      ({ who, what, count, bills, refused }) =>
        `  ${who}  ${what}  ${times(count)}, ${counted(bills, 'bill')}${refused === 0 ? '' : `, refused ${times(refused)}`}`,
    ),
    '',
  ].join('\n');
}

function times(count: number): string {
  return count === 1 ? 'once' : `${formatCount(count)} times`;
}
