import type { Command } from 'commander';
import { purge } from '../../operations/purge.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withSystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';
import { recordAccess } from '../recordAccess.ts';

export function definePurge(command: Command): void {
  addUsage(command, {
    examples: [['purge --json', 'once a day, from cron or a timer']],
  });
  command
    .description(
      'Deletes what is older than RETENTION_BILLS_DAYS (rows of closed months), RETENTION_JOURNAL_DAYS, ' +
        "RETENTION_POISON_DAYS, RETENTION_ACCESS_DAYS and RETENTION_OUTCOMES_DAYS, and adds the journal's next partitions. " +
        'Needs the role that owns the tables. Once a day is enough.',
    )
    .addOption(jsonOption())
    .action((options: { json?: boolean }) =>
      withSystem(async ({ config, database }) => {
        const { journal, ...rows } = await recordAccess(database, { what: 'purge' }, () =>
          purge({ config, database }),
        );
        printFacts(
          {
            ...rows,
            journalPartitionsAdded: journal.added.length,
            journalPartitionsDropped: journal.dropped.length,
          },
          options,
        );
      }),
    );
}
