import type { Connection, Database } from '../database.ts';
import { receiptOutcome } from './owedReceipts.ts';

/** How many rows of `owed_outcome` are read together. */
const rowsAtOnce = 500;

const state = {
  name: 'outcome-state',
  text: `
    select exists (select from owed_outcome), exists (select from outcome_switch), number from outcome_counter`,
};

/** The result of numbering. */
export interface Numbered {
  /** How many outcomes have got a number. */
  readonly numbered: number;
  /** The highest number so far; 0 before the first. */
  readonly last: number;
  /** Whether outcomes are on, so that there may soon be more. */
  readonly isOn: boolean;
}

/**
 * Gives numbers to owed outcomes, about `limit` of them.
 *
 * The counter's row is locked first, by a statement of its own: a second writer waits, and then takes the
 * next numbers for what is left. So numbers become visible in order and without gaps: a reader of one number
 * has seen all below it. The commit is on disk before anybody publishes a number.
 */
export async function numberOutcomes(database: Database, limit: number): Promise<Numbered> {
  const [row] = await database.query<[boolean, boolean, string]>(state);
  const [isOwed = false, isOn = false, before = '0'] = row ?? [];
  if (!isOwed) return { numbered: 0, last: Number(before), isOn };
  const { numbered, last } = await database.withConnection(async (connection) => {
    await connection.run('begin');
    await connection.run('set local synchronous_commit = on');
    const [counter] = await connection.run('select number from outcome_counter for update');
    const moved = await moveOwed(connection, String(counter?.[0] ?? 0), limit);
    await connection.run('commit');
    return moved;
  });
  return { numbered, last, isOn };
}

/*
 * LATERAL and LIMIT force look-ups by key, one by one, in the journal and in the bills: no plan can read a
 * whole table instead. A person's reason is free text, so it is not copied. If a receipt names a bill that
 * does not exist, there is no outcome.
 */
const moveText = `
    with taken as (
      delete from owed_outcome
      where seq in (
        select seq
        from (
          select seq, sum(cardinality(bill_ids)) over (order by seq) - cardinality(bill_ids) as before
          from (select seq, bill_ids from owed_outcome order by seq limit ${rowsAtOnce}) first
        ) counted
        where before < $2::bigint
      )
      returning seq, outcome, state, bill_ids, tokens, cycles, channels
    ), told as (
      select taken.seq, one.place, one.bill_id, a.cycle, a.channel, taken.outcome, a.applied,
             case when a.applied then taken.state end as state,
             case when a.actor not like 'person %' then a.reason end as reason,
             a.provider, a.provider_id, split_part(a.actor, ' ', 1) as made_by, a.finished_at as at
      from taken
      cross join lateral unnest(taken.bill_ids, taken.tokens) with ordinality as one (bill_id, token, place)
      cross join lateral (
        select * from delivery_attempt a
        where a.bill_id = one.bill_id and a.claim_token = one.token and a.outcome = taken.outcome
        limit 1
      ) a
      union all
      select taken.seq, one.place, one.bill_id, r.cycle, r.channel, taken.outcome, false, null, r.code,
             r.provider, r.provider_id, 'receipt', r.received_at
      from taken
      cross join lateral unnest(taken.bill_ids, taken.cycles, taken.channels) with ordinality
        as one (bill_id, cycle, channel, place)
      cross join lateral (
        select * from bill_receipt r
        where r.bill_id = one.bill_id and r.cycle = one.cycle and r.channel = one.channel
          and r.kind = lower(substr(taken.outcome, ${receiptOutcome.length + 1}))
        limit 1
      ) r
    ), kept as (
      insert into outcome_feed (number, bill_id, member_id, run, cycle, channel, step, outcome, applied, state,
                                reason, provider, provider_id, made_by, at)
      select $1::bigint + row_number() over (order by told.seq, told.place), told.bill_id, n.member_id, n.run,
             told.cycle, told.channel,
             case
               when n.cycle <> told.cycle then null
               when told.channel = any(n.passed) then array_position(n.passed, told.channel) - 1
               when n.channel = told.channel then n.step
             end,
             told.outcome, told.applied, told.state, told.reason, told.provider, told.provider_id, told.made_by,
             told.at
      from told
      left join lateral (
        select * from bill_notification n where n.bill_id = told.bill_id limit 1
      ) n on true
      where told.made_by <> 'receipt' or n.bill_id is not null
      returning number
    )
    update outcome_counter set number = number + (select count(*) from kept)
    returning (select count(*) from kept)::int, number`;

async function moveOwed(connection: Connection, counter: string, limit: number) {
  const [row] = await connection.run(moveText, [counter, limit]);
  return { numbered: Number(row?.[0] ?? 0), last: Number(row?.[1] ?? counter) };
}
