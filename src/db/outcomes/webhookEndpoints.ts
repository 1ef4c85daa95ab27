import type { Database } from '../database.ts';

/** An endpoint, and how far its deliveries are. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly salt: string;
  /** The salt of the previous secret, while messages are signed with that too. */
  readonly oldSalt: string | null;
  readonly oldUntil: Date | null;
  /** It gets only these outcomes; null: all. */
  readonly outcomes: readonly string[] | null;
  readonly addedAt: Date;
  readonly addedBy: string;
  /** Null while it is enabled. */
  readonly disabledAt: Date | null;
  readonly disabledWhy: string | null;
  /** All outcomes up to this number are delivered. */
  readonly through: number;
  /** The number of the last outcome in the message that is being sent. */
  readonly sendingThrough: number | null;
  /** A range that is delivered again first. */
  readonly replay: { readonly after: number; readonly through: number } | null;
  /** Failed tries in a row. */
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly nextAt: Date;
  /** The result of the last try. */
  readonly lastAnswer: string | null;
  readonly deliveredAt: Date | null;
}

const list = {
  name: 'list-webhook-endpoints',
  text: `
    select id, url, salt, added_at, added_by, disabled_at, disabled_why, through, sending_through,
           replay_after, replay_through, failures, failing_since, next_at, last_answer, delivered_at,
           case when old_until > now() then old_salt end, case when old_until > now() then old_until end, outcomes
    from webhook_endpoint left join webhook_setting using (id)
    where not $1 or (disabled_at is null and next_at <= now())
    order by id`,
};

type Columns = [
  ...[id: string, url: string, salt: string, addedAt: Date, addedBy: string, disabledAt: Date | null],
  ...[disabledWhy: string | null, through: string, sendingThrough: string | null],
  ...[replayAfter: string | null, replayThrough: string | null, failures: number],
  ...[failingSince: Date | null, nextAt: Date, lastAnswer: string | null, deliveredAt: Date | null],
  ...[oldSalt: string | null, oldUntil: Date | null, outcomes: string[] | null],
];

export function listWebhookEndpoints(database: Database): Promise<WebhookEndpoint[]> {
  return readEndpoints(database, false);
}

/** Endpoints that are enabled and need not wait for their next try. */
export function listDueEndpoints(database: Database): Promise<WebhookEndpoint[]> {
  return readEndpoints(database, true);
}

async function readEndpoints(database: Database, onlyDue: boolean): Promise<WebhookEndpoint[]> {
  const rows = await database.query<Columns>(list, [onlyDue]);
  return rows.map(([id, url, salt, addedAt, addedBy, disabledAt, disabledWhy, ...rest]) => {
    const [through, sendingThrough, after, replayThrough, failures, failingSince, nextAt, ...last] = rest;
    const [lastAnswer, deliveredAt, oldSalt, oldUntil, outcomes] = last;
    return {
      id,
      url,
      salt,
      oldSalt,
      oldUntil,
      outcomes,
      addedAt,
      addedBy,
      disabledAt,
      disabledWhy,
      through: Number(through),
      sendingThrough: sendingThrough === null ? null : Number(sendingThrough),
      replay:
        after === null || replayThrough === null
          ? null
          : { after: Number(after), through: Number(replayThrough) },
      failures,
      failingSince,
      nextAt,
      lastAnswer,
      deliveredAt,
    };
  });
}

const add = {
  name: 'add-webhook-endpoint',
  text: `
    with added as (
      insert into webhook_endpoint (id, url, salt, added_by, through)
      select $1, $2, $3, $4, coalesce($5::bigint, number) from outcome_counter
      on conflict (id) do nothing
      returning id
    ), chosen as (
      insert into webhook_setting (id, outcomes) select id, $6 from added where $6::text[] is not null
    )
    select id from added`,
};

/**
 * @param after it gets the outcomes after this number; if missing, those from now on
 * @returns false if there is an endpoint with this id already
 */
export async function addWebhookEndpoint(
  database: Database,
  endpoint: {
    readonly id: string;
    readonly url: string;
    readonly salt: string;
    readonly actor: string;
    readonly after?: number | undefined;
    /** Only these outcomes; all if missing. */
    readonly outcomes?: readonly string[] | undefined;
  },
): Promise<boolean> {
  const { id, url, salt, actor, after = null, outcomes = null } = endpoint;
  return (await database.query(add, [id, url, salt, actor, after, outcomes])).length > 0;
}

const remove = {
  name: 'remove-webhook',
  text: `
    with gone as (delete from webhook_setting where id = $1)
    delete from webhook_endpoint where id = $1 returning id`,
};

export async function removeWebhookEndpoint(database: Database, id: string): Promise<boolean> {
  return (await database.query(remove, [id])).length > 0;
}

const rotate = {
  name: 'rotate-webhook',
  text: `
    with known as (
      select id, salt from webhook_endpoint where id = $1 and salt <> $2::uuid for update
    ), kept as (
      insert into webhook_setting (id, old_salt, old_until)
      select id, salt, now() + $3::float8 * interval '1 ms' from known
      on conflict (id) do update set old_salt = excluded.old_salt, old_until = excluded.old_until
    ), changed as (
      update webhook_endpoint e set salt = $2::uuid from known where e.id = known.id returning e.id
    )
    select id from changed
    union all
    select id from webhook_endpoint where id = $1 and salt = $2::uuid`,
};

/**
 * Gives the endpoint a new secret. For `keepMs`, messages are signed with the previous one too.
 * @returns false if there is no endpoint with this id
 */
export async function rotateWebhookEndpoint(
  database: Database,
  { id, salt, keepMs }: { readonly id: string; readonly salt: string; readonly keepMs: number },
): Promise<boolean> {
  return (await database.query(rotate, [id, salt, keepMs])).length > 0;
}

const enable = {
  name: 'enable-webhook',
  text: `
    update webhook_endpoint
    set disabled_at = null, disabled_why = null, failures = 0, failing_since = null, next_at = now()
    where id = $1
    returning id`,
};

/** Makes the next delivery due at once. It continues where it stopped. */
export async function enableWebhookEndpoint(database: Database, id: string): Promise<boolean> {
  return (await database.query(enable, [id])).length > 0;
}

const replay = {
  name: 'replay-webhook',
  text: `
    update webhook_endpoint
    set replay_after = $2::bigint, replay_through = least($3::bigint, through)
    where id = $1 and $2::bigint < least($3::bigint, through)
    returning replay_through`,
};

/**
 * Delivers a range again. It replaces a replay that is still running.
 * @returns the last number of the range; undefined if nothing in it was delivered before
 */
export async function replayWebhook(
  database: Database,
  { id, after, through }: { readonly id: string; readonly after: number; readonly through: number },
): Promise<number | undefined> {
  const [row] = await database.query<[string]>(replay, [id, after, through]);
  return row === undefined ? undefined : Number(row[0]);
}
