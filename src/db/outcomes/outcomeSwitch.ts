import type { Database } from '../database.ts';

/** Since when outcomes are on, and who turned them on. */
export interface OutcomeSwitch {
  readonly since: Date;
  readonly by: string;
}

const turnOn = {
  name: 'outcomes-on',
  text: 'insert into outcome_switch (on_by) values ($1) on conflict (only_row) do nothing returning only_row',
};

/**
 * Turns outcomes on: after its commit, statements that write the journal owe their outcomes. False if they
 * were on already.
 */
export async function turnOutcomesOn(database: Database, actor: string): Promise<boolean> {
  return (await database.query(turnOn, [actor])).length > 0;
}

const turnOff = { name: 'outcomes-off', text: 'delete from outcome_switch returning only_row' };

/** Turns outcomes off. What is owed already is still published. False if they were off. */
export async function turnOutcomesOff(database: Database): Promise<boolean> {
  return (await database.query(turnOff)).length > 0;
}

const progress = {
  name: 'outcome-progress',
  text: `
    select (select on_since from outcome_switch), (select on_by from outcome_switch),
           coalesce((select sum(cardinality(bill_ids)) from owed_outcome), 0)::text,
           (select number from outcome_counter), (select min(number) from outcome_feed),
           (select min(number) from outcome_cursor)`,
};

/** How far outcomes have been numbered and published. */
export interface OutcomeProgress {
  /** Undefined while they are off. */
  readonly on: OutcomeSwitch | undefined;
  /** Outcomes that have no number yet. */
  readonly owed: number;
  /** The highest number so far; 0 before the first. */
  readonly last: number;
  /** The first number that is still kept; undefined if none is. */
  readonly firstKept: number | undefined;
  /** The topic has acknowledged all outcomes up to this one. */
  readonly published: number;
}

export async function readOutcomeProgress(database: Database): Promise<OutcomeProgress> {
  const [row] =
    await database.query<[Date | null, string | null, string, string, string | null, string | null]>(
      progress,
    );
  const [since = null, by = null, owed = '0', last = '0', firstKept = null, published = null] = row ?? [];
  return {
    on: since === null || by === null ? undefined : { since, by },
    owed: Number(owed),
    last: Number(last),
    firstKept: firstKept === null ? undefined : Number(firstKept),
    published: Number(published ?? 0),
  };
}
