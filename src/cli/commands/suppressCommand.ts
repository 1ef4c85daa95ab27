import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BillId } from '../../bill.ts';
import { type Channel, channelNames } from '../../channels.ts';
import type { Suppression } from '../../db/suppressions.ts';
import { zonedTime } from '../../lib/timeText.ts';
import { compileProjectTemplates } from '../../operations/projectTemplates.ts';
import {
  listSuppressions,
  reactivateAddresses,
  removeFromSuppressions,
  suppressBills,
} from '../../operations/suppressionList.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { readNamedBills } from '../billFile.ts';
import { memberNumberOf, numbersOf } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { makeRecorded, type RecordedChange } from '../makeRecorded.ts';
import { withReadOnlySystem, withSystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';
import { addBillOptions, requireOption } from '../selectionOptions.ts';

interface AddOptions {
  readonly bill?: readonly BillId[];
  readonly file?: string;
  readonly channel: Channel;
  readonly reason: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface IdOptions {
  readonly id: readonly string[];
  readonly reason: string;
  readonly json?: boolean;
}

export function defineSuppress(suppress: Command): void {
  suppress.description(
    'Keeps the list of addresses that nothing is sent to. A new address of a member is tried.',
  );
  defineAdd(suppress.command('add'));
  defineList(suppress.command('list'));
  defineReactivate(suppress.command('reactivate'));
  defineRemove(suppress.command('remove'));
}

function defineAdd(command: Command): void {
  addUsage(command, {
    examples: [
      ['suppress add --bill 42 --channel EMAIL --reason "she called"', 'the present address of bill 42'],
    ],
  });
  addBillOptions(command.description("put the present addresses of these bills' members on the list"))
    .addOption(new Option('--channel <name>', 'of which channel').choices(channelNames).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why; kept with the entry')
    .option('--dry-run', 'only count the addresses')
    .addOption(jsonOption())
    .action(runAdd);
}

async function runAdd(options: AddOptions): Promise<void> {
  requireOption(options, ['bill', 'file']);
  const { channel, reason, dryRun = false } = options;
  const named = await readNamedBills(options);
  await withSystem(async (system) => {
    const { config, database } = system;
    const billIds = await numbersOf(system, named.billIds ?? []);
    const templates = await compileProjectTemplates(config);
    const request = { billIds, channel, reason, actor: personAtTerminal(), dryRun };
    const facts = await recordAccess(database, { what: 'suppress', billIds, reason, dryRun }, () =>
      suppressBills({ config, database, templates }, request),
    );
    printFacts(facts, options);
  });
}

const entriesShown = 500;

function defineList(command: Command): void {
  addUsage(command, { examples: [['suppress list --all', 'also those that were reactivated']] });
  command
    .description('list the entries, the newest first')
    .option('--member <id>', 'of this member')
    .option('--all', 'also entries that were reactivated')
    .addOption(jsonOption('print one line of JSON'))
    .action(async ({ member, all, json }: { member?: string; all?: boolean; json?: boolean }) => {
      await withReadOnlySystem(async (system) => {
        const memberId = member && (await memberNumberOf(system, member));
        const query = { memberId, all, limit: entriesShown };
        const { items, next } = await showTheirIds(system, await listSuppressions(system, query));
        if (json) {
          printFacts({ items, next }, { json });
          return;
        }
        const lines = items.map((item) => lineOf(item, system.config.timeZone));
        process.stdout.write([...lines, ...moreThan(next)].join(''));
      });
    });
}

function lineOf(
  { id, channel, reason, memberId, billId, addedAt, addedBy, liftedAt, note }: Suppression,
  timeZone: string,
): string {
  const state = liftedAt === null ? '' : `, reactivated ${zonedTime(liftedAt, timeZone)}`;
  const why = note === null ? '' : `: ${note}`;
  const whose = `member ${memberId}, bill ${billId}`;
  const since = `${reason} ${zonedTime(addedAt, timeZone)} by ${addedBy}`;
  return `${id}  ${channel}  ${whose}  ${since}${why}${state}\n`;
}

function moreThan(next: string | null): string[] {
  return next === null ? [] : [`only the newest ${entriesShown} are shown\n`];
}

function defineReactivate(command: Command): void {
  addUsage(command, {
    examples: [['suppress reactivate --id 7 --reason "mailbox works again"', 'try it again']],
  });
  addIds(command.description('try addresses again; a later bounce suppresses them again')).action(
    (options: IdOptions) =>
      makeRecorded(changeOf('reactivateAddress', options), ({ database }) => {
        const actor = `${personAtTerminal()}: ${options.reason}`;
        return reactivateAddresses({ database }, { ids: options.id, actor });
      }),
  );
}

function defineRemove(command: Command): void {
  addUsage(command, {
    examples: [['suppress remove --id 7 --reason "wrong bill"', 'delete a mistaken entry']],
  });
  addIds(command.description('delete entries that were a mistake')).action((options: IdOptions) =>
    makeRecorded(changeOf('removeSuppression', options), ({ database }) =>
      removeFromSuppressions({ database }, { ids: options.id }),
    ),
  );
}

function addIds(command: Command): Command {
  return command
    .requiredOption('--id <number...>', 'the entries, by the number that `suppress list` shows', parseIds)
    .requiredOption('--reason <text>', 'why; kept with the access record')
    .addOption(jsonOption());
}

function parseIds(text: string, previous: readonly string[] = []): string[] {
  if (!/^[1-9]\d{0,17}$/.test(text)) throw new InvalidArgumentError('must be the number of an entry.');
  return [...previous, text];
}

function changeOf(what: string, { id, ...options }: IdOptions): RecordedChange {
  return { what, about: id.join(', '), ...options };
}
