import type { BillId } from '../../bill.ts';
import type { Plan } from '../../runs/plan.ts';
import type { Proposal } from '../../runs/proposal.ts';
import type { RunKind, RunPhase, RunState } from '../../runs/runState.ts';
import type { Database } from '../database.ts';

/** A stored run. */
export interface Run {
  /** The number in the rows of its bills. */
  readonly number: number;
  /** The id that people use. */
  readonly id: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly plan: Plan;
  /** SHA-256 in hex over plan and proposal. */
  readonly planHash: string;
  readonly proposal: Proposal | null;
  /** Whether a person other than the one who asked has to approve it. */
  readonly fourEyes: boolean;
  readonly requestedBy: string;
  /** Whether a token or a sign-in proved who asked. */
  readonly requestedNamed: boolean;
  readonly requestedAt: Date;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly startedBy: string | null;
  readonly startedAt: Date | null;
  /** Why it is PAUSED: a code, and a sentence with numbers. */
  readonly hold: {
    readonly code: string;
    readonly detail: string | null;
    readonly since: Date | null;
  } | null;
  readonly phase: RunPhase;
  /** When the last bill of its canary was released. */
  readonly canaryAt: Date | null;
  /** The number of released bills. */
  readonly released: number;
  /** Bills up to this id are released. */
  readonly through: BillId;
  readonly expectedEnd: Date | null;
  readonly changedAt: Date;
  readonly doneAt: Date | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
}

const columns = `
  r.number, r.id, r.kind, r.state, r.plan, r.plan_hash, r.proposal, r.four_eyes, r.requested_by, r.requested_at,
  r.approved_by, r.approved_at, r.started_by, r.started_at, r.hold, r.hold_detail, r.hold_since, r.phase,
  r.canary_at, r.released, r.through,
  case when r.state = 'RUNNING' then r.expected_end end, r.changed_at, r.done_at, r.closed_by, r.closed_at,
  r.requested_named`;

type RunColumns = [
  ...[number: number, id: string, kind: RunKind, state: RunState, plan: Plan, planHash: string],
  ...[proposal: Proposal | null, fourEyes: boolean, requestedBy: string, requestedAt: Date],
  ...[approvedBy: string | null, approvedAt: Date | null, startedBy: string | null, startedAt: Date | null],
  ...[hold: string | null, holdDetail: string | null, holdSince: Date | null, phase: RunPhase],
  ...[canaryAt: Date | null, released: number, through: BillId, expectedEnd: Date | null, changedAt: Date],
  ...[doneAt: Date | null, closedBy: string | null, closedAt: Date | null, requestedNamed: boolean],
];

function runOf(row: RunColumns): Run {
  const [number, id, kind, state, plan, planHash, proposal, fourEyes, requestedBy, requestedAt] = row;
  const [, , , , , , , , , , approvedBy, approvedAt, startedBy, startedAt, code, detail, since, phase] = row;
  const [canaryAt, released, through, expectedEnd, changedAt, doneAt, closedBy, closedAt, requestedNamed] =
    lastOf(row);
  const asked = { number, id, kind, state, plan, planHash, proposal, fourEyes, requestedBy, requestedAt };
  const moved = {
    requestedNamed,
    approvedBy,
    approvedAt,
    startedBy,
    startedAt,
    phase,
    canaryAt,
    released,
    through,
  };
  const hold = code === null ? null : { code, detail, since };
  return { ...asked, ...moved, hold, expectedEnd, changedAt, doneAt, closedBy, closedAt };
}

function lastOf(row: RunColumns) {
  return row.slice(18) as [
    ...[Date | null, number, BillId, Date | null, Date],
    ...[Date | null, string | null, Date | null, boolean],
  ];
}

const find = { name: 'find-run', text: `select ${columns} from run r where r.id = $1 and r.number <> 0` };

/** Finds a run by its id; undefined if there is none. */
export async function findRunRow(database: Database, id: string): Promise<Run | undefined> {
  const [row] = await database.query<RunColumns>(find, [id]);
  return row && runOf(row);
}

const list = {
  name: 'list-runs',
  text: `
    select ${columns} from run r
    where r.number <> 0 and ($1::int is null or r.number < $1) and ($2::text[] is null or r.state = any($2))
    order by r.number desc
    limit $3`,
};

export interface RunQuery {
  /** Only runs made before the one of this number. */
  readonly before?: number | undefined;
  /** Only runs in these states; if missing, in any. */
  readonly states?: readonly RunState[] | undefined;
  readonly limit: number;
}

/** The newest first. */
export async function listRunRows(database: Database, { before, states, limit }: RunQuery): Promise<Run[]> {
  return (await database.query<RunColumns>(list, [before ?? null, states ?? null, limit])).map(runOf);
}
