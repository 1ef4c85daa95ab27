import type { DispatcherId } from '../bill.ts';
import type { BrakeKind } from '../policy/brake/verdict.ts';
import type { RouteName } from '../providers/providerShares.ts';
import type { Signed, Thrown } from './control.ts';
import type { Database } from './database.ts';

/** Who puts a brake on, or releases it. */
export interface BrakeTrip {
  /** The brake's name: a channel, or one of its providers if it has several (column `channel`). */
  readonly brake: RouteName;
  readonly kind: BrakeKind;
  readonly cause: string;
  readonly by: string;
  /** The time until the first trial; null if a person must release the brake. */
  readonly firstTrialMs: number | null;
}

/** A brake that is on stays as it is, unless it now needs a person and did not before. */
const trip = {
  name: 'brake-trip',
  text: `
    insert into brake as b (channel, kind, cause, since, set_by, trials, next_trial_at)
    values ($1, $2, $3, now(), $4, 0, now() + $5::float8 * interval '1 ms')
    on conflict (channel) do update
    set kind = excluded.kind, cause = excluded.cause, since = excluded.since, set_by = excluded.set_by,
        trials = 0, next_trial_at = excluded.next_trial_at, trial_by = null
    where b.kind is null
       or (excluded.kind in ('refusals', 'smsTurns') and b.kind not in ('refusals', 'smsTurns'))
    returning channel`,
};

/** @returns whether this call put it on: if several try at once, one gets true */
export async function tripBrake(
  database: Database,
  { brake, kind, cause, by, firstTrialMs }: BrakeTrip,
): Promise<boolean> {
  return (await database.query(trip, [brake, kind, cause, by, firstTrialMs])).length > 0;
}

const takeTrial = {
  name: 'brake-take-trial',
  text: `
    update brake
    set trials = trials + 1, trial_by = $2, next_trial_at = now() + $3::float8 * interval '1 ms'
    where channel = $1 and kind is not null and next_trial_at <= now()
    returning trials`,
};

/**
 * Takes the right to try one real bill, which nobody else has for `leaseMs`.
 * @returns the number of this trial; undefined if another process has the right, or no trial is due
 */
export async function takeTrialChance(
  database: Database,
  { brake, by, leaseMs }: { brake: RouteName; by: DispatcherId; leaseMs: number },
): Promise<number | undefined> {
  const [row] = await database.query<[number]>(takeTrial, [brake, by, leaseMs]);
  return row?.[0];
}

const failTrial = {
  name: 'brake-fail-trial',
  text: `
    update brake
    set next_trial_at = now() + $3::float8 * interval '1 ms', trial_by = null,
        kind = coalesce($4, kind), cause = coalesce($5, cause)
    where channel = $1 and trial_by = $2 and kind in ('unreachable', 'unknown', 'settings')`,
};

/** A trial was not accepted: the next one is due in `nextTrialMs`, and the brake gets the new cause. */
export async function failBrakeTrial(
  database: Database,
  trial: {
    readonly brake: RouteName;
    readonly by: DispatcherId;
    readonly nextTrialMs: number;
    readonly kind?: BrakeKind | undefined;
    readonly cause?: string | undefined;
  },
): Promise<void> {
  const { brake, by, nextTrialMs, kind, cause } = trial;
  await database.query(failTrial, [brake, by, nextTrialMs, kind ?? null, cause ?? null]);
}

function release(name: string, which: string, also = '') {
  return {
    name,
    text: `
    update brake
    set kind = null, cause = null, since = null, set_by = null, next_trial_at = null, trial_by = null,
        released_at = now(), released_by = $1, release_reason = $2${also}
    where ${which}
    returning channel`,
  };
}

const endByTrial = release(
  'brake-end-by-trial',
  `channel = $3 and kind in ('unreachable', 'unknown', 'settings')`,
);

/** A trial was accepted. @returns whether that released the brake */
export async function releaseByTrial(database: Database, brake: RouteName, by: string): Promise<boolean> {
  return (await database.query(endByTrial, [by, 'a trial was accepted', brake])).length > 0;
}

/**
 * The brakes that wait for a person, and those of the same channels' providers: what these counted before
 * must not put the brake on again.
 */
const forPerson = `split_part(channel, '/', 1) in (
      select split_part(channel, '/', 1) from brake where kind in ('refusals', 'smsTurns'))`;

/** A brake that waits for a person holds back every channel, so it is released under any name. */
const endNamed = {
  name: 'brake-release-named',
  text: `
    with made as (
      insert into brake (channel, released_at, released_by, release_reason)
      select name, now(), $1, $2 from unnest($3::text[]) as name
      on conflict (channel) do nothing
    )
    ${release('', `channel = any($3) or ${forPerson}`).text}`,
};

const endForPerson = release('brake-release-for-person', forPerson);

/**
 * Releases brakes for a person, of whatever kind, and ends their pace.
 * @param names those of a channel and all of its providers, or that of one provider
 * @returns the names of the released brakes
 */
export async function releaseBrakes(
  database: Database,
  names: readonly RouteName[],
  { by, reason }: Signed,
): Promise<RouteName[]> {
  return (await database.query<[RouteName]>(endNamed, [by, reason ?? null, names])).flat();
}

/** Releases, for a person, the brakes for refusals and turns to SMS. @returns their names */
export async function releaseForPerson(database: Database, { by, reason }: Signed): Promise<RouteName[]> {
  return (await database.query<[RouteName]>(endForPerson, [by, reason ?? null])).flat();
}

/** A brake that is on. */
export interface Braked extends Thrown {
  readonly brake: RouteName;
  readonly kind: BrakeKind;
  readonly trials: number;
  readonly nextTrialAt: Date | null;
}

const select = {
  name: 'brake-select',
  text: `
    select channel, kind, cause, since, set_by, trials, next_trial_at from brake
    where kind is not null
    order by channel`,
};

/** The brakes that are on. */
export async function selectBrakes(database: Database): Promise<Braked[]> {
  const rows =
    await database.query<[RouteName, BrakeKind, string | null, Date, string, number, Date | null]>(select);
  return rows.map(([brake, kind, reason, since, by, trials, nextTrialAt]) => ({
    brake,
    kind,
    reason,
    since,
    by,
    trials,
    nextTrialAt,
  }));
}
