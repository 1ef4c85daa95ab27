import type { Command } from 'commander';
import { missingText } from '../../kafka/groupOffsets.ts';
import { readClusterState } from '../../operations/liveStatus.ts';
import { readStatus, type StatusFacts } from '../../operations/status.ts';
import { shortVersion } from '../../render/template/templateVersion.ts';
import { addUsage } from '../commandUsage.ts';
import { withKafka, withReadOnlySystem } from '../openSystem.ts';
import { formatCount, printFacts, printNote } from '../output.ts';
import { switchLines } from '../switchLines.ts';

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
        const { brakes, missingTopics, asOf, exact, countedSince, drift, ...counts } = await readStatus(
          await withKafka(system),
        );
        const { control, alive: dispatchers, templateVersions } = await readClusterState(system);
        if (missingTopics.length > 0) printNote(missingText(missingTopics));
        const age = { asOf, exact, countedSince, drift };
        const switches = options.json
          ? { ...age, brakes, pause: control.pause }
          : switchLines(control, brakes, system.config.timeZone);
        const template = options.json ? { templateVersions } : templateLine(templateVersions);
        printFacts({ ...counts, dispatchers, ...template, ...switches }, options);
        if (!options.json) printAge(age);
      }),
    );
}

function templateLine(versions: readonly string[]): { template?: string } {
  return versions.length === 0 ? {} : { template: versions.map(shortVersion).join(', ') };
}

function printAge({
  exact,
  countedSince,
  drift,
}: Pick<StatusFacts, 'exact' | 'countedSince' | 'drift'>): void {
  if (countedSince === null) return;
  printNote(
    `${exact ? 'Nothing has moved since the bills were counted.' : 'Bills are moving: the counts are a second old.'} ` +
      `The oldest count is of ${countedSince.toISOString()}; drift found and put right: ${formatCount(drift)} bills.`,
  );
}
