import type { Command } from 'commander';
import type { Channel } from '../../channels.ts';
import { missingText } from '../../kafka/groupOffsets.ts';
import { counted } from '../../lib/counted.ts';
import { timeIn, zonedTime } from '../../lib/timeText.ts';
import { type ClusterState, readClusterState } from '../../operations/liveStatus.ts';
import { type MonthStatus, readMonthStatus } from '../../operations/monthStatus.ts';
import { readStatus, type StatusFacts } from '../../operations/status.ts';
import { warmupText } from '../../operations/warmupToday.ts';
import { shortVersion } from '../../render/template/templateVersion.ts';
import { parseMonth } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { withKafka, withReadOnlySystem } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';
import { switchLines } from '../switchLines.ts';

export function defineStatus(command: Command): void {
  addUsage(command, {
    examples: [
      ['status', 'bills by state, lag and brakes'],
      ['status --json', 'the same for a script'],
      ['status --month 2026-11', 'the bills of one month by state'],
    ],
  });
  command
    .description(
      'Counts the bills by state, the dead letters that are owed, and the events that are not ' +
        "consumed yet, and shows the channels' brakes.",
    )
    .option('--month <YYYY-MM>', 'only the bills of this month, without lag and brakes', parseMonth)
    .addOption(jsonOption())
    .action(printStatus);
}

interface StatusOptions {
  readonly month?: string;
  readonly json?: boolean;
}

async function printStatus(options: StatusOptions): Promise<void> {
  const { month } = options;
  await withReadOnlySystem(async (system) => {
    if (month !== undefined) {
      printMonth(await readMonthStatus(system, month), options, system.config.timeZone);
      return;
    }
    const facts = await readStatus(await withKafka(system));
    const cluster = await readClusterState(system);
    if (facts.missingTopics.length > 0) printNote(missingText(facts.missingTopics));
    if (options.json) printJson(facts, cluster);
    else printForPeople(facts, cluster, system.config.timeZone);
  });
}

function printMonth(facts: MonthStatus, { json }: StatusOptions, timeZone: string): void {
  if (json) {
    printFacts({ ...facts }, { json });
    return;
  }
  const { asOf: _, exact, countedSince, drift, ...counts } = facts;
  printFacts(counts, {});
  printAge({ exact, countedSince, drift }, timeZone);
}

function printJson(facts: StatusFacts, cluster: ClusterState): void {
  const { missingTopics: _, asOf, exact, countedSince, drift, brakes, ...counts } = facts;
  const { control, alive: dispatchers, templateVersions, channelLists, warmup } = cluster;
  const rehearsal = rehearsalFacts(cluster);
  const age = { asOf, exact, countedSince, drift };
  const all = {
    ...counts,
    dispatchers,
    channelLists,
    templateVersions,
    ...age,
    brakes,
    pause: control.pause,
    rehearsal,
    warmup,
  };
  printFacts(all, { json: true });
}

function printForPeople(facts: StatusFacts, cluster: ClusterState, timeZone: string): void {
  const { missingTopics: _, asOf: _asOf, exact, countedSince, drift, brakes, channels, ...counts } = facts;
  const { control, alive: dispatchers, templateVersions, channelLists, warmup } = cluster;
  printFacts(
    {
      ...counts,
      dispatchers,
      channels: listsText(channels, channelLists),
      ...templateLine(templateVersions),
      ...switchLines(control, brakes, timeZone),
      ...warmupLines(warmup, timeZone),
    },
    {},
  );
  for (const line of rehearsalLines(cluster)) printNote(line);
  printAge({ exact, countedSince, drift }, timeZone);
}

function warmupLines(state: ClusterState['warmup'], timeZone: string): Record<string, string> {
  if (state === null) return {};
  return Object.fromEntries(
    state.numbers.map((number) => [
      `warm-up ${number.receiver ?? state.sender}`,
      warmupText(state, number, timeIn(timeZone)),
    ]),
  );
}

function rehearsalFacts({ rehearsals, isSafeMode: safeMode }: ClusterState) {
  return rehearsals.length === 0 && !safeMode ? null : { safeMode, runs: rehearsals };
}

function rehearsalLines({ rehearsals, isSafeMode }: ClusterState): string[] {
  const open = rehearsals.map(
    ({ run, state }) => `REHEARSAL ${run} is ${state}: no member gets a bill by it.`,
  );
  const mode = 'SAFE MODE: DELIVER_ONLY_TO or REDIRECT_ALL_TO is set here, so nothing but a rehearsal sends.';
  return isSafeMode ? [mode, ...open] : open;
}

/** Our list of channels, and those of dispatchers with another one. */
function listsText(channels: readonly Channel[], lists: readonly string[]): string {
  const others = lists.filter((list) => list !== channels.join());
  return others.length === 0 ? channels.join() : `${channels.join()}; dispatchers: ${lists.join(' and ')}`;
}

function templateLine(versions: readonly string[]): { template?: string } {
  return versions.length === 0 ? {} : { template: versions.map(shortVersion).join(', ') };
}

function printAge(
  { exact, countedSince, drift }: Pick<StatusFacts, 'exact' | 'countedSince' | 'drift'>,
  timeZone: string,
): void {
  if (countedSince === null) return;
  printNote(
    `${exact ? 'Nothing has moved since the bills were counted.' : 'Bills are moving: the counts are a second old.'} ` +
      `The oldest count is of ${zonedTime(countedSince, timeZone)}; drift found and put right: ${counted(drift, 'bill')}.`,
  );
}
