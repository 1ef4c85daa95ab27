import type { Database } from '../db/database.ts';
import type { FinalRow } from './account.ts';

const openTokens = {
  name: 'chaos-open-claims',
  text: `
    select distinct claim_token::text from bill_notification
    where send_status in ('SENDING', 'SENT') or send_status = 'IN_DOUBT' and not $1`,
};

/** The tokens that hold bills at the moment; where a doubt is final, it holds none. */
export const selectOpenClaims = async (database: Database, doubtIsFinal: boolean): Promise<string[]> =>
  (await database.query<[string]>(openTokens, [doubtIsFinal])).map(([token]) => token);

const relayHolder = {
  name: 'chaos-relay-holder',
  text: `select d.name from lease l join dispatcher d on d.id = l.owner where l.name = 'relay'`,
};

/** The pid of the dispatcher that relays; undefined while none does. */
export const selectRelayPid = async (database: Database): Promise<number | undefined> => {
  const [row] = await database.query<[string]>(relayHolder);
  const pid = Number(row?.[0].split(':').at(-1));
  return Number.isInteger(pid) ? pid : undefined;
};

const cut = {
  name: 'chaos-cut-connections',
  text: `
    select count(pg_terminate_backend(pid))::int from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`,
};

/** Ends every other session, as a fail-over does; returns how many. */
export const cutConnections = async (database: Database): Promise<number> => {
  const [row] = await database.query<[number]>(cut);
  return row?.[0] ?? 0;
};

const anyBills = {
  name: 'chaos-any-bills',
  text: `
    select bill_id, member_id from bill_notification
    where bill_id >= (select min(bill_id) + floor($1::float8 * count(*)) from bill_notification)
    order by bill_id limit $2`,
};

/** Bills in a row, from a share (0 to 1) of all of them on. */
export const selectBills = (
  database: Database,
  { from, limit }: { from: number; limit: number },
): Promise<[billId: string, memberId: string][]> => database.query(anyBills, [from, limit]);

const noQuietHours = {
  name: 'chaos-no-quiet-hours',
  text: `update member set do_not_disturb_start = null where do_not_disturb_start is not null`,
};

/** A run must not depend on the time of day. */
export const forgetQuietHours = async (database: Database): Promise<void> => {
  await database.query(noQuietHours);
};

const finalRows = {
  name: 'chaos-final-rows',
  text: `
    select bill_id, send_status, channel, cycle, retransmit_at is not null
    from bill_notification order by bill_id`,
};

export const selectFinalRows = async (database: Database): Promise<FinalRow[]> => {
  const rows = await database.query<[string, string, string, number, boolean]>(finalRows);
  return rows.map(([billId, status, channel, cycle, comesAgain]) => ({
    billId,
    status,
    channel,
    cycle,
    comesAgain,
  }));
};

const bounces = {
  name: 'chaos-bounces',
  text: `select bill_id, channel, cycle from delivery_attempt where outcome = 'BOUNCED' and applied`,
};

/** The keys of the attempts whose bounce is on record. */
export const selectBounces = async (database: Database): Promise<Set<string>> => {
  const rows = await database.query<[string, string, number]>(bounces);
  return new Set(rows.map(([billId, channel, cycle]) => `${billId}:${channel}:${cycle}`));
};
