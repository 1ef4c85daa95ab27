import { text as readAll } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FoundBill, SearchAnswer } from '../../api/contract/searchContract.ts';
import { foundBillOf } from '../../api/foundBillOf.ts';
import type { BillId } from '../../bill.ts';
import { type Channel, channelNames } from '../../channels.ts';
import { BillcastError } from '../../errors.ts';
import { counted } from '../../lib/counted.ts';
import { timeIn } from '../../lib/timeText.ts';
import { findMembersByContact } from '../../operations/contacts.ts';
import { type Sought, searchBills } from '../../operations/searchBills.ts';
import { type SearchState, searchStates } from '../../operations/searchStates.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { isBillId, parseBillId, parseCount, parseMonth } from '../arguments.ts';
import { memberNumberOf, numberOf } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withReadOnlySystem, withSystem } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';
import { parsePointInTime } from '../pointInTime.ts';
import { recordAccess } from '../recordAccess.ts';
import { tableText } from '../tableText.ts';

interface SearchOptions {
  readonly state?: SearchState;
  readonly month?: string;
  readonly channel?: Channel;
  readonly reason?: string;
  readonly bill?: BillId;
  readonly member?: string;
  readonly contact?: string;
  readonly changedFrom?: string;
  readonly changedBefore?: string;
  readonly limit: number;
  readonly next?: string;
  readonly json?: boolean;
}

export function defineSearch(command: Command): void {
  addUsage(command, {
    examples: [
      ['search --state FAILED --month 2026-11', 'the failed bills of November, in the order of their ids'],
      ['search --state FAILED --month 2026-11 --next 120044', 'the page behind bill 120044'],
      ['search --member 77 --json', 'all bills of a member, for a script'],
      ['search --contact - < address.txt', 'by e-mail address; each such search is recorded'],
    ],
  });
  command
    .description('Finds bills that meet every condition given. Nothing personal is shown.')
    .addOption(new Option('--state <state>', 'in this state').choices(searchStates))
    .option('--month <YYYY-MM>', 'of this month', parseMonth)
    .addOption(new Option('--channel <name>', 'of this channel').choices(channelNames))
    .option('--reason <code>', 'with this reason, such as EMAIL_REFUSED', parseReason)
    .option('--bill <id>', 'this bill', parseBillId)
    .option('--member <id>', 'of this member')
    .addOption(
      new Option(
        '--contact <text>',
        'of the member with this e-mail address or phone number; -: read it from stdin',
      ).conflicts('member'),
    )
    .option('--changed-from <time>', 'changed at this time or later, such as 2026-11-25T09:00')
    .option('--changed-before <time>', 'changed before this time')
    .option('--limit <count>', 'at most this many', parseCount, 100)
    .option('--next <id>', 'the page behind this bill, as the page before says', parseNumber)
    .addOption(jsonOption())
    // A search by contact writes a record, which a read-only role cannot do.
    .action((options: SearchOptions) =>
      options.contact === undefined
        ? withReadOnlySystem((system) => search(system, options))
        : withSystem((system) => search(system, options)),
    );
}

async function search(system: System, options: SearchOptions): Promise<void> {
  const { limit, next } = options;
  const sought = await soughtOf(system, options);
  const answer = await showTheirIds(system, await readPage(system, { ...sought, limit, after: next }));
  if (options.json) printFacts(answer, options);
  else process.stdout.write(foundLines(answer.items, system.config.timeZone));
  printNote(extentLine(answer));
}

async function soughtOf(system: System, options: SearchOptions): Promise<Sought> {
  const { state, month, channel, reason, bill, changedFrom, changedBefore } = options;
  const { timeZone } = system.config;
  const at = (flag: string, text: string | undefined): Date | undefined =>
    text === undefined ? undefined : parsePointInTime(text, { flag, timeZone });
  return {
    state,
    month,
    channel,
    reason,
    billId: bill === undefined ? undefined : await numberOf(system, bill),
    memberId: await memberOfOptions(system, options),
    changedFrom: at('--changed-from', changedFrom),
    changedBefore: at('--changed-before', changedBefore),
  };
}

async function memberOfOptions(
  system: System,
  { contact, member }: SearchOptions,
): Promise<string | undefined> {
  if (contact !== undefined) return memberOf(system, contact);
  return member && memberNumberOf(system, member);
}

/** @throws BillcastError USAGE unless exactly one member has the contact */
async function memberOf({ config, database }: System, contact: string): Promise<string> {
  const asked = contact === '-' ? (await readAll(process.stdin)).trim() : contact;
  const { memberIds, completeAt } = await recordAccess(database, { what: 'findContact' }, () =>
    findMembersByContact({ config, database }, asked),
  );
  const [memberId] = memberIds;
  if (memberId !== undefined && memberIds.length === 1) return memberId;
  if (memberId !== undefined) {
    const shown = await showTheirIds({ config, database }, { memberIds });
    throw new BillcastError(
      'USAGE',
      `several members have this contact: use --member ${shown.memberIds.join(' or ')}`,
    );
  }
  const { timeZone } = config;
  throw new BillcastError(
    'USAGE',
    completeAt === null
      ? 'no member is known to have this contact, but the api process has not looked at all members yet'
      : `no member had this contact when all were looked at, ${timeIn(timeZone)(completeAt)} (${timeZone})`,
  );
}

/** A page of the API ends after 60 ms; a person waits longer. */
const patienceMs = 5_000;

async function readPage(
  { config, database }: System,
  { limit, after, ...sought }: Sought & { readonly limit: number; readonly after: string | undefined },
): Promise<SearchAnswer> {
  const endsAtMs = performance.now() + patienceMs;
  const items: FoundBill[] = [];
  let rows = 0;
  for (let from = after; ; ) {
    const page = await searchBills(
      { config, database },
      { ...sought, limit: limit - items.length, after: from },
    );
    items.push(...page.bills.map(foundBillOf));
    rows += page.rows;
    const { next, upTo, complete } = page;
    if (next === null || items.length >= limit || performance.now() >= endsAtMs) {
      return { items, next, searched: { rows, upTo, complete } };
    }
    from = next;
  }
}

/** Pure: a line per bill. */
export function foundLines(items: readonly FoundBill[], timeZone: string): string {
  if (items.length === 0) return '';
  const time = timeIn(timeZone);
  const rows = items.map(({ billId, state, month, channel, cycle, attempts, reason, changedAt, dueAt }) => [
    ...[billId, state, month ?? '-', channel, String(cycle), String(attempts)],
    ...[time(new Date(changedAt)), dueAt === null ? '-' : time(new Date(dueAt)), reason ?? ''],
  ]);
  const heads = ['bill', 'state', 'month', 'channel', 'cycle', 'attempts', `changed (${timeZone})`, 'due'];
  return tableText([[...heads, 'reason'], ...rows]);
}

/** Pure: how much the answer covers. */
export function extentLine({ items, next, searched: { rows } }: SearchAnswer): string {
  const found = counted(items.length, 'bill');
  const looked = `${counted(rows, 'row')} looked at`;
  return next === null
    ? `${found}; ${looked}, to the end`
    : `${found}; ${looked}, and there are more: --next ${next}`;
}

function parseReason(text: string): string {
  if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(text)) {
    throw new InvalidArgumentError('must be a reason code such as EMAIL_REFUSED.');
  }
  return text;
}

function parseNumber(text: string): string {
  if (!isBillId(text)) throw new InvalidArgumentError('must be an id: digits without a leading zero.');
  return text;
}
