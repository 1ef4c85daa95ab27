import type { Connection, Database } from '../database.ts';
import { beforeAllBills } from '../sql.ts';
import { billsPerWindow } from '../windows.ts';

/** A line of a provider's own statement. */
export interface StatedMessage {
  readonly line: number;
  /** Our key, `<billId>:<channel>:<cycle>`; null if the statement has none. */
  readonly key: string | null;
  /** The provider's id of the message. */
  readonly providerId: string | null;
  /** A decimal number. */
  readonly cost: string | null;
}

/** A message that differs between statement and journal. */
export interface Difference {
  /** Its line in the statement; null if it is not there. */
  readonly line: number | null;
  readonly key: string | null;
  readonly providerId: string | null;
}

/** The result of comparing a provider's statement with what we know to be accepted, in messages. */
export interface StatementFacts {
  readonly theirs: number;
  readonly ours: number;
  readonly matched: number;
  /** Messages of rehearsals and to seed addresses: they belong to no bill, and are counted nowhere else. */
  readonly tests: number;
  /** Messages in the statement that, as far as we know, were not accepted in this run. */
  readonly onlyTheirs: number;
  /** How many of these are messages of other runs that it accepted; found by our key only. */
  readonly otherRuns: number;
  /** How many of these are messages of bills in doubt: the statement is evidence that they were accepted. */
  readonly inDoubt: number;
  readonly onlyOurs: number;
  /** Messages with the same key, and another id of the provider. */
  readonly different: number;
  /** Messages that occur more than once in the statement. */
  readonly repeated: number;
  /** The sum of the statement's costs; null if it has none. */
  readonly theirCost: string | null;
  /** The first few messages of each kind of difference. */
  readonly examples: Readonly<Record<StatementDifference, readonly Difference[]>>;
}

export const statementDifferences = [
  'onlyTheirs',
  'otherRuns',
  'inDoubt',
  'onlyOurs',
  'different',
  'repeated',
] as const;

export type StatementDifference = (typeof statementDifferences)[number];

export interface OurMessages {
  readonly run: number;
  readonly provider: string;
  /** How many bills one statement looks at. */
  readonly billsAtOnce?: number | undefined;
}

/**
 * Compares a statement with the messages of a run that this provider accepted. The lines are put into a
 * temporary table, so that neither side has to fit into our memory.
 */
export function compareWithStatement(
  database: Database,
  ours: OurMessages,
  parts: AsyncIterable<readonly StatedMessage[]>,
): Promise<StatementFacts> {
  return database.withConnection(async (connection) => {
    await connection.run('begin');
    await connection.run(createTables);
    for await (const part of parts) await addPart(connection, part);
    await fillOurs(connection, ours);
    await connection.run('analyze stated; analyze known');
    await connection.run(nameByIds);
    const [[tests] = []] = await connection.run(takeTestsOut, [ours.provider]);
    const facts = await readFacts(connection, Number(tests));
    await connection.run('rollback');
    return facts;
  });
}

const createTables = `
  create temporary table stated (line int, key text, provider_id text, cost numeric) on commit drop;
  create temporary table known (key text, bill_id bigint, provider_id text) on commit drop`;

async function addPart(connection: Connection, part: readonly StatedMessage[]): Promise<void> {
  await connection.run(
    `insert into stated select * from unnest($1::int[], $2::text[], $3::text[], $4::numeric[])`,
    [
      part.map(({ line }) => line),
      part.map(({ key }) => key),
      part.map(({ providerId }) => providerId),
      part.map(({ cost }) => cost),
    ],
  );
}

/** Window by window, so that no statement takes long, however many bills there are. */
async function fillOurs(
  connection: Connection,
  { run, provider, billsAtOnce = billsPerWindow }: OurMessages,
): Promise<void> {
  for (let after: unknown = beforeAllBills; after !== null; ) {
    const [[looked, last] = []] = await connection.run(endOfWindow, [after, billsAtOnce]);
    if (last !== null) await connection.run(fillWindow, [run, provider, after, last]);
    after = looked === billsAtOnce ? last : null;
  }
}

const endOfWindow = `
  select count(*)::int, max(bill_id)::text
  from (select bill_id from bill_notification where bill_id > $1::bigint order by bill_id limit $2::int) looked`;

/** The range is a condition on both tables, so that each is read in the order of its key. */
const fillWindow = `
  insert into known
  select a.bill_id || ':' || a.channel || ':' || a.cycle, a.bill_id, max(a.provider_id)
  from bill_notification n join delivery_attempt a on a.bill_id = n.bill_id
  where n.run = $1::int and a.provider = $2 and a.outcome = 'ACCEPTED'
    and n.bill_id > $3::bigint and n.bill_id <= $4::bigint and a.bill_id > $3::bigint and a.bill_id <= $4::bigint
  group by a.bill_id, a.channel, a.cycle`;

/** A line without our key is found by the provider's id. */
const nameByIds = `
  update stated s set key = k.key from known k where s.key is null and s.provider_id = k.provider_id`;

const takeTestsOut = `
  with tested as (
    select bill_id || ':' || channel || ':0:' || key_suffix as key, provider_id from test_send where provider = $1
  ), gone as (
    delete from stated s where s.key in (select key from tested) or s.provider_id in (select provider_id from tested)
    returning 1
  )
  select count(*)::int from gone`;

const billOfKey = `(substring(s.key from '^([0-9]{1,18}):'))::bigint`;

/** The lines and messages of each kind of difference. */
const differences: Readonly<Record<StatementDifference, string>> = {
  onlyTheirs: `from stated s where not exists (select from known k where k.key = s.key)`,
  otherRuns: `from stated s where not exists (select from known k where k.key = s.key)
    and exists (
      select from delivery_attempt a
      where a.bill_id = ${billOfKey} and a.outcome = 'ACCEPTED'
        and s.key = a.bill_id || ':' || a.channel || ':' || a.cycle)`,
  inDoubt: `from stated s where not exists (select from known k where k.key = s.key)
    and exists (
      select from bill_notification n
      where n.bill_id = ${billOfKey} and n.send_status = 'IN_DOUBT'
        and s.key = n.bill_id || ':' || n.channel || ':' || n.cycle)`,
  onlyOurs: `from (select null::int as line, key, provider_id from known) s
    where not exists (select from stated t where t.key = s.key)`,
  different: `from stated s join known k on k.key = s.key and k.provider_id <> s.provider_id`,
  repeated: `from (select min(line) as line, key, provider_id from stated group by key, provider_id
    having count(*) > 1) s`,
};

const examplesShown = 100;

/** One statement per number, since each of them reads all lines. */
async function readFacts(connection: Connection, tests: number): Promise<StatementFacts> {
  const [[theirs, theirCost, ours, matched] = []] = await connection.run(sums);
  const counts: Partial<Record<StatementDifference, number>> = {};
  const examples: Partial<Record<StatementDifference, Difference[]>> = {};
  for (const name of statementDifferences) {
    const from = differences[name];
    const [[found] = []] = await connection.run(`select count(*)::int ${from}`);
    counts[name] = Number(found);
    examples[name] = found === 0 ? [] : await readExamples(connection, from);
  }
  return {
    theirs: Number(theirs),
    tests,
    ours: Number(ours),
    matched: Number(matched),
    ...(counts as Record<StatementDifference, number>),
    theirCost: theirCost === null ? null : String(theirCost),
    examples: examples as Record<StatementDifference, Difference[]>,
  };
}

const sums = `
  select (select count(*) from stated)::int, (select sum(cost)::text from stated), (select count(*) from known)::int,
         (select count(*) from known k where exists (select from stated s where s.key = k.key))::int`;

async function readExamples(connection: Connection, from: string): Promise<Difference[]> {
  const rows = await connection.run(
    `select s.line, s.key, s.provider_id ${from} order by s.line, s.key limit ${examplesShown}`,
  );
  const found = rows as [number | null, string | null, string | null][];
  return found.map(([line, key, providerId]) => ({ line, key, providerId }));
}

/** A comparison that is stored with its run. */
export interface KeptStatement {
  readonly provider: string;
  readonly fileName: string;
  /** The hash of the file, in hex. */
  readonly sha256: string;
  readonly facts: StatementFacts & { readonly ourCost: string | null };
  readonly addedBy: string;
  readonly addedAt: Date;
}

const add = {
  name: 'add-provider-statement',
  text: `
    insert into provider_statement (run, provider, file_name, sha256, facts, added_by)
    values ($1::int, $2, $3, $4, $5::jsonb, $6)`,
};

export async function keepStatement(
  database: Database,
  run: number,
  { provider, fileName, sha256, facts, addedBy }: Omit<KeptStatement, 'addedAt'>,
): Promise<void> {
  await database.query(add, [run, provider, fileName, sha256, JSON.stringify(facts), addedBy]);
}

const latest = {
  name: 'latest-provider-statements',
  text: `
    select distinct on (provider) provider, file_name, sha256, facts, added_by, added_at
    from provider_statement where run = $1::int
    order by provider, number desc`,
};

/** The newest comparison of each provider. */
export async function readStatements(database: Database, run: number): Promise<KeptStatement[]> {
  const rows = await database.query<[string, string, string, KeptStatement['facts'], string, Date]>(latest, [
    run,
  ]);
  return rows.map(([provider, fileName, sha256, facts, addedBy, addedAt]) => ({
    provider,
    fileName,
    sha256,
    facts,
    addedBy,
    addedAt,
  }));
}
