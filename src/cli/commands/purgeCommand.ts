import type { Command } from 'commander';
import { purgeJournal, purgeRows } from '../../operations/purge.ts';
import { printFacts, withSystem } from '../system.ts';

export function addPurge(program: Command): void {
  program
    .command('purge')
    .description(
      'delete what is older than RETENTION_BILLS_DAYS (rows of closed months), RETENTION_JOURNAL_DAYS and ' +
        'RETENTION_POISON_DAYS, and add the next partitions of the journal. Needs the role that owns the tables; once a ' +
        'day is enough',
    )
    .option('--json', 'print the facts as one line of JSON')
    .action((options: { json?: boolean }) =>
      withSystem(async ({ database, config: { retention } }) => {
        const rows = await purgeRows({ database, retention }, { forMs: Number.POSITIVE_INFINITY });
        const journal = await purgeJournal({ database, retention });
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
