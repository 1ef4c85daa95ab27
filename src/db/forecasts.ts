import type { Database } from './database.ts';

export type ForecastState = 'RUNNING' | 'DONE' | 'FAILED';

/** A stored forecast. */
export interface KeptForecast {
  readonly id: string;
  readonly state: ForecastState;
  /** The request as JSON. */
  readonly request: unknown;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  /** How many held bills it is about; null until they are counted. */
  readonly bills: number | null;
  readonly lookedAt: number;
  readonly facts: unknown;
  readonly problem: string | null;
}

/** Older forecasts are of no use for planning. */
const keptDays = 90;

const begin = {
  name: 'begin-forecast',
  text: `
    with old as (delete from forecast where requested_at < now() - $4::int * interval '1 day')
    insert into forecast (id, request, requested_by) values ($1, $2::jsonb, $3)
    on conflict (id) do nothing`,
};

/** Stores that a forecast was asked for, and deletes those that are too old to plan with. */
export async function beginForecast(
  database: Database,
  {
    id,
    request,
    requestedBy,
  }: { readonly id: string; readonly request: object; readonly requestedBy: string },
): Promise<void> {
  await database.query(begin, [id, JSON.stringify(request), requestedBy, keptDays]);
}

const progress = {
  name: 'forecast-progress',
  text: `update forecast set looked_at = $2, bills = $3, changed_at = now() where id = $1 and state = 'RUNNING'`,
};

export async function keepForecastProgress(
  database: Database,
  id: string,
  { done, of }: { readonly done: number; readonly of: number },
): Promise<void> {
  await database.query(progress, [id, done, of]);
}

const finish = {
  name: 'finish-forecast',
  text: `
    update forecast
    set state = case when $3::text is null then 'DONE' else 'FAILED' end, facts = $2::jsonb, problem = $3,
        finished_at = now(), changed_at = now()
    where id = $1 and state = 'RUNNING'`,
};

export async function finishForecast(database: Database, id: string, facts: object): Promise<void> {
  await database.query(finish, [id, JSON.stringify(facts), null]);
}

export async function failForecast(database: Database, id: string, problem: string): Promise<void> {
  await database.query(finish, [id, null, problem]);
}

/** If a process says nothing about its forecast for so long, both are over. */
const silentMs = 120_000;
const silentProblem = 'the api process that computed it has ended: make it again';

const columns = `
    id, request, requested_by, requested_at, bills, looked_at, facts,
    case when is_silent then 'FAILED' else state end,
    case when is_silent then changed_at else finished_at end,
    case when is_silent then '${silentProblem}' else problem end
  from (
    select *, state = 'RUNNING' and changed_at < now() - ${silentMs} * interval '1 ms' as is_silent from forecast
  ) f`;

type Columns = [
  ...[string, unknown, string, Date, number | null, number, unknown, ForecastState],
  ...[Date | null, string | null],
];

function forecastOf(row: Columns): KeptForecast {
  const [id, request, requestedBy, requestedAt, bills, lookedAt, facts, state, finishedAt, problem] = row;
  return { id, state, request, requestedBy, requestedAt, finishedAt, bills, lookedAt, facts, problem };
}

const find = { name: 'find-forecast', text: `select ${columns} where id = $1` };

export async function findForecast(database: Database, id: string): Promise<KeptForecast | undefined> {
  const [row] = await database.query<Columns>(find, [id]);
  return row && forecastOf(row);
}

const list = {
  name: 'list-forecasts',
  text: `select ${columns} order by requested_at desc, id desc limit $1`,
};

/** Newest first. */
export async function listForecasts(database: Database, limit: number): Promise<KeptForecast[]> {
  return (await database.query<Columns>(list, [limit])).map(forecastOf);
}

const findFor = {
  name: 'find-forecast-for',
  text: `
    select facts from forecast
    where state = 'DONE' and request -> 'selection' = $1::jsonb and facts -> 'template' ->> 'version' = $2
      and (facts ->> 'bills')::bigint = $3
      and finished_at > now() - interval '1 day'
    order by finished_at desc limit 1`,
};

/** The newest facts of the last day for exactly these bills, of this selection, with this template. */
export async function findForecastFor(
  database: Database,
  {
    selection,
    template,
    bills,
  }: { readonly selection: object; readonly template: string; readonly bills: number },
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const [row] = await database.query<[Record<string, unknown>]>(findFor, [
    JSON.stringify(selection),
    template,
    bills,
  ]);
  return row?.[0];
}
