import type { Command } from 'commander';
import { missingText } from '../../kafka/groupOffsets.ts';
import { readStatus } from '../../operations/status.ts';
import { addUsage } from '../commandUsage.ts';
import { withKafka, withReadOnlySystem } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';
import { brakeLines } from '../switchLines.ts';

export function defineStatus(command: Command): void {
  addUsage(command, {
    examples: [
      ['status', 'bills by state, lag and brakes'],
      ['status --json', 'the same for a script'],
    ],
  });
  command
    .description(
      'Counts the bills by state, the dead letters that are owed, and the events that are not ' +
        "consumed yet, and shows the channels' brakes.",
    )
    .option('--json', 'print the facts as one line of JSON')
    .action((options: { json?: boolean }) =>
      withReadOnlySystem(async (system) => {
        const { brakes, missingTopics, ...counts } = await readStatus(await withKafka(system));
        if (missingTopics.length > 0) printNote(missingText(missingTopics));
        const brakeFacts = options.json ? { brakes } : brakeLines(brakes, system.config.timeZone);
        printFacts({ ...counts, ...brakeFacts }, options);
      }),
    );
}
