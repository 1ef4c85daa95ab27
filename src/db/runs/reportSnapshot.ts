import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Connection, Database } from '../database.ts';
import { beforeAllBills } from '../sql.ts';
import type {
  ContactWindow,
  PlainSum,
  ReceiptWord,
  ReportGroup,
  ReportScope,
  ReportSnapshot,
  ReportState,
  ReportWindow,
  SnapshotOptions,
  WindowPlace,
} from './reportRows.ts';
import { lookedAt, plainSums, reportStatements } from './reportStatements.ts';

/**
 * Reads the database as of one moment, however long it takes. Meanwhile vacuum cannot remove newer dead rows.
 */
export function atOneMoment<T>(
  database: Database,
  options: SnapshotOptions,
  work: (snapshot: ReportSnapshot) => Promise<T>,
): Promise<T> {
  return database.withConnection(async (connection) => {
    await connection.run('begin isolation level repeatable read read only');
    const [[asOf] = []] = await connection.run('select now()');
    const result = await work({
      asOf: asOf instanceof Date ? asOf : new Date(String(asOf)),
      window: (place) => readWindow(connection, options, place),
      contacts: (place) => readContacts(connection, options, place),
      sums: () => readSums(connection, options),
    });
    await connection.run('commit');
    return result;
  });
}

async function readWindow(
  connection: Connection,
  { scope, currency, hasAmounts }: SnapshotOptions,
  place: WindowPlace,
): Promise<ReportWindow> {
  const statements = reportStatements(lookedAt(scope.selection).text);
  const values = valuesOf(scope, place);
  const rows = (await connection.run(statements.groups, [...values, currency, hasAmounts])) as GroupRow[];
  const attempts = (await connection.run(statements.attempts, values)) as AttemptRow[];
  const twice = (await connection.run(statements.acceptedTwice, values)) as [BillId][];
  return {
    rows: rows[0]?.[0] ?? 0,
    upTo: rows[0]?.[1] ?? null,
    groups: rows.flatMap((row) => groupOf(row) ?? []),
    attempts: attempts.map(([provider, channel, outcome, count, messages, longMessages, answered]) => ({
      provider,
      channel,
      outcome,
      attempts: count,
      messages,
      longMessages,
      answered,
    })),
    acceptedTwice: twice.map(([billId]) => billId),
  };
}

type ContactColumns = [
  ...[rows: number, upTo: BillId | null, state: ReportState | null, memberId: string],
  ...[email: string | null, currency: string | null, amount: string],
];

async function readContacts(
  connection: Connection,
  { scope, currency, hasAmounts }: SnapshotOptions,
  place: WindowPlace,
): Promise<ContactWindow> {
  const { contacts } = reportStatements(lookedAt(scope.selection).text);
  const values = [...valuesOf(scope, place), currency, hasAmounts];
  const rows = (await connection.run(contacts, values)) as ContactColumns[];
  return {
    rows: rows[0]?.[0] ?? 0,
    upTo: rows[0]?.[1] ?? null,
    contacts: rows.flatMap(([, , state, memberId, email, inCurrency, amount]) =>
      state === null ? [] : [{ state, memberId, email, currency: inCurrency, amount: BigInt(amount) }],
    ),
  };
}

/** The parameters that all statements of a window share. */
function valuesOf({ selection, run, heldSince }: ReportScope, { after, rows }: WindowPlace): unknown[] {
  return [lookedAt(selection).value, after, rows, run ?? null, heldSince ?? null];
}

type GroupRow = [
  ...[lookedAt: number, upTo: BillId | null],
  ...[state: ReportState | null, run: number | null, channel: Channel | null, path: Channel[] | null],
  ...[reason: string | null, provider: string | null, receipt: ReceiptWord | null],
  ...[isRetried: boolean | null, isUnproved: boolean | null, currency: string | null],
  ...[bills: number, amount: string, billIds: BillId[] | null],
];

type AttemptRow = [
  ...[provider: string | null, channel: Channel, outcome: string, attempts: number],
  ...[messages: number, longMessages: number, answered: number],
];

function groupOf(row: GroupRow): ReportGroup | undefined {
  const [, , state, run, channel, path, reason, provider, receipt, isRetried, isUnproved] = row;
  const [currency, bills, amount, billIds] = row.slice(11) as [
    string | null,
    number,
    string,
    BillId[] | null,
  ];
  if (state === null) return undefined;
  return {
    state,
    run: run ?? 0,
    channel,
    path: channel === null ? [] : (path ?? []),
    reason,
    provider,
    receipt,
    isRetried: isRetried ?? false,
    isUnproved: isUnproved ?? false,
    currency,
    bills,
    amount: BigInt(amount),
    billIds: billIds ?? [],
  };
}

/** So many rows are read in some tenths of a second. */
const rowsPerSum = 200_000;

type SumRow = [
  ...[lookedAt: number, upTo: BillId | null],
  ...[bills: string | null, amount: string, inCurrency: string | null],
];

async function readSums(connection: Connection, { scope, currency }: SnapshotOptions): Promise<PlainSum[]> {
  const { selection, run } = scope;
  const [text, key] = run === undefined ? [plainSums.month, lookedAt(selection).value] : [plainSums.run, run];
  const sums: PlainSum[] = [];
  for (let after: string | null = beforeAllBills; after !== null; ) {
    const rows = (await connection.run(text, [key, currency, after, rowsPerSum])) as SumRow[];
    for (const [, , bills, amount, inCurrency] of rows) {
      if (bills !== null) sums.push({ currency: inCurrency, bills: Number(bills), amount: BigInt(amount) });
    }
    const [looked = 0, upTo = null] = rows[0] ?? [];
    after = looked < rowsPerSum ? null : upTo;
  }
  return sums;
}
