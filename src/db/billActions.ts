import type { BillId, SendStatus } from '../bill.ts';
import type { Channel } from '../channels.ts';
import type { Database } from './database.ts';
import { microsOf, timeOf } from './sql.ts';

export type ActionState =
  | 'COLLECTING'
  | 'READY'
  | 'RUNNING'
  | 'STOPPING'
  | 'STOPPED'
  | 'DONE'
  | 'FAILED'
  | 'EXPIRED';

/** A stored action. */
export interface BillAction {
  readonly id: string;
  readonly state: ActionState;
  /** The request as JSON. */
  readonly request: unknown;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly asOf: Date | null;
  readonly expiresAt: Date;
  /** How many bills the selection named. */
  readonly selected: number;
  /** How many of these it can move. */
  readonly eligible: number;
  /** The other bills, by reason. */
  readonly notEligible: Readonly<Record<string, number>>;
  readonly sample: readonly SampledBill[];
  readonly reason: string | null;
  readonly startedBy: string | null;
  readonly startedAt: Date | null;
  readonly perSecond: number | null;
  readonly moved: number;
  readonly skipped: number;
  readonly stoppedBy: string | null;
  readonly finishedAt: Date | null;
  readonly problem: string | null;
  /** `requestedAt` in microseconds since 1970: its place in a list. */
  readonly requestedMicros: string;
}

export interface SampledBill {
  readonly billId: BillId;
  readonly state: SendStatus;
  readonly channel: Channel;
  readonly cycle: number;
}

const create = {
  name: 'create-action',
  text: `
    insert into bill_action (id, kind, request, requested_by, expires_at)
    values ($1, $2, $3::jsonb, $4, now() + $5::float8 * interval '1 ms')
    on conflict (id) do nothing`,
};

/** @param action.lifeMs how long after this it may be started */
export async function createBillAction(
  database: Database,
  action: { id: string; kind: string; request: object; requestedBy: string; lifeMs: number },
): Promise<void> {
  const { id, kind, request, requestedBy, lifeMs } = action;
  await database.query(create, [id, kind, JSON.stringify(request), requestedBy, lifeMs]);
}

const columns = `
  a.id, a.state, a.request, a.requested_by, a.requested_at, a.as_of, a.expires_at, a.selected, a.eligible,
  a.not_eligible,
  coalesce((select jsonb_agg(jsonb_build_object('billId', s.bill_id::text, 'state', s.send_status,
      'channel', s.channel, 'cycle', s.cycle) order by s.bill_id)
    from (select * from bill_action_bill b where b.action_id = a.id order by b.bill_id limit 20) s), '[]'),
  a.reason, a.started_by, a.started_at, a.per_second, a.moved, a.skipped, a.stopped_by, a.finished_at, a.problem,
  ${microsOf('a.requested_at')}::text`;

type ActionColumns = [
  ...[string, ActionState, unknown, string, Date, Date | null, Date, number, number],
  ...[Record<string, number>, SampledBill[], string | null, string | null, Date | null, number | null],
  ...[number, number, string | null, Date | null, string | null, string],
];

function actionOf(row: ActionColumns): BillAction {
  const [id, state, request, requestedBy, requestedAt, asOf, expiresAt, selected, eligible] = row;
  const [notEligible, sample, reason, startedBy, startedAt, perSecond] = row.slice(9, 15) as [
    ...[Record<string, number>, SampledBill[], string | null, string | null, Date | null, number | null],
  ];
  const [moved, skipped, stoppedBy, finishedAt, problem, requestedMicros] = row.slice(15) as [
    ...[number, number, string | null, Date | null, string | null, string],
  ];
  const asked = { request, requestedBy, requestedAt, asOf, expiresAt };
  const found = { selected, eligible, notEligible, sample };
  const started = { reason, startedBy, startedAt, perSecond, moved, skipped };
  return { id, state, ...asked, ...found, ...started, stoppedBy, finishedAt, problem, requestedMicros };
}

const find = { name: 'find-action', text: `select ${columns} from bill_action a where a.id = $1` };

export async function findBillAction(database: Database, id: string): Promise<BillAction | undefined> {
  const [row] = await database.query<ActionColumns>(find, [id]);
  return row && actionOf(row);
}

const list = {
  name: 'list-actions',
  text: `
    select ${columns} from bill_action a
    where (a.requested_at, a.id) < (
      ${timeOf('$1::bigint')}, $2::uuid)
    order by a.requested_at desc, a.id desc
    limit $3`,
};

/** Where a page of actions ends. */
export interface ActionKey {
  /** In microseconds since 1970. */
  readonly atMicros: string;
  readonly id: string;
}

export const newestAction: ActionKey = {
  atMicros: '9000000000000000',
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

/** Newest first. */
export async function listBillActions(
  database: Database,
  { before, limit }: { before: ActionKey; limit: number },
): Promise<BillAction[]> {
  return (await database.query<ActionColumns>(list, [before.atMicros, before.id, limit])).map(actionOf);
}

const listRecent = {
  name: 'list-recent-actions',
  text: `
    select ${columns} from bill_action a
    where a.finished_at is null or a.finished_at > now() - $1::float8 * interval '1 ms'
    order by a.requested_at desc
    limit 20`,
};

/** The newest 20 actions that are not finished, or ended lately. */
export async function listRecentActions(database: Database, withinMs: number): Promise<BillAction[]> {
  return (await database.query<ActionColumns>(listRecent, [withinMs])).map(actionOf);
}

const start = {
  name: 'start-action',
  text: `
    update bill_action
    set state = 'RUNNING', reason = $2, started_by = $3, started_at = now(), per_second = $4, changed_at = now()
    where id = $1 and state = 'READY' and expires_at > now()
    returning id`,
};

/** @returns whether this call started it */
export async function startBillAction(
  database: Database,
  id: string,
  { reason, startedBy, perSecond }: { reason: string; startedBy: string; perSecond: number | undefined },
): Promise<boolean> {
  return (await database.query(start, [id, reason, startedBy, perSecond ?? null])).length > 0;
}

const stop = {
  name: 'stop-action',
  text: `
    update bill_action
    set state = case when state = 'RUNNING' then 'STOPPING' else 'STOPPED' end,
        finished_at = case when state = 'RUNNING' then null else now() end, stopped_by = $2, changed_at = now()
    where id = $1 and state in ('COLLECTING', 'READY', 'RUNNING')
    returning id`,
};

/** @returns whether this call stopped it */
export async function stopBillAction(database: Database, id: string, stoppedBy: string): Promise<boolean> {
  return (await database.query(stop, [id, stoppedBy])).length > 0;
}
