import type { BillId, DispatcherId } from '../../bill.ts';
import type { Selection } from '../../runs/plan.ts';
import type { RunKind, RunState } from '../../runs/runState.ts';
import type { Database } from '../database.ts';
import { tellRun } from './runEvents.ts';

/** One hash over the accepted attempts of a run. */
export interface RunManifest {
  readonly madeAt: Date;
  readonly madeBy: string;
  /** The number of leaves of the tree. */
  readonly attempts: number;
  /** Attempts whose entry has no content hash. */
  readonly unhashed: number;
  readonly root: Buffer;
}

/** The run that a manifest is about. */
export interface ManifestRun {
  readonly number: number;
  readonly id: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly selection: Selection;
}

const columns = `r.number, r.id, r.kind, r.state, r.plan -> 'selection'`;
type RunColumns = [number, string, RunKind, RunState, Selection | null];

const selectRun = { name: 'manifest-run', text: `select ${columns} from run r where r.id = $1` };
const selectRunOfBill = {
  name: 'manifest-run-of-bill',
  text: `
    select ${columns} from bill_notification n join run r on r.number = n.run where n.bill_id = $1`,
};

export async function findManifestRun(
  database: Database,
  {
    runId,
    billId,
  }:
    | { readonly runId: string; readonly billId?: undefined }
    | { readonly runId?: undefined; readonly billId: BillId },
): Promise<ManifestRun | undefined> {
  const [row] = await database.query<RunColumns>(runId === undefined ? selectRunOfBill : selectRun, [
    runId ?? billId,
  ]);
  return row && runOf(row);
}

function runOf([number, id, kind, state, selection]: RunColumns): ManifestRun {
  // Run 0, for events from elsewhere, has no plan.
  return { number, id, kind, state, selection: selection ?? { all: true } };
}

/** Older runs are left out, since their rows may be purged. */
const selectDue = {
  name: 'runs-without-manifest',
  text: `
    select ${columns} from run r
    where r.state in ('DONE', 'CLOSED') and r.kind in ('PLANNED', 'PUBLISHED')
      and r.done_at > now() - interval '30 days'
      and not exists (select from run_manifest m where m.run = r.number and m.made_at >= r.done_at)
    order by r.done_at, r.number`,
};

/** Runs that are done and have had no manifest since, oldest first. */
export async function selectWithoutManifest(database: Database): Promise<ManifestRun[]> {
  return (await database.query<RunColumns>(selectDue)).map(runOf);
}

function adding(name: string, source: string) {
  return {
    name,
    text: `
    with made as (
      insert into run_manifest (run, made_at, made_by, attempts, unhashed, root)
      select $1::int, $2::timestamptz, $3, $4::bigint, $5::bigint, $6::bytea ${source}
      on conflict (run, made_at) do nothing
      returning run as number, made_by, attempts, root
    ), ${tellRun('made', {
      what: 'manifest',
      actor: 'made.made_by',
      facts: `jsonb_build_object('attempts', made.attempts, 'root', encode(made.root, 'hex'))`,
    })}
    select 1 from told`,
  };
}

const add = adding('add-run-manifest', '');

export async function addRunManifest(
  database: Database,
  run: number,
  { madeAt, madeBy, attempts, unhashed, root }: RunManifest,
): Promise<void> {
  await database.query(add, [run, madeAt, madeBy, attempts, unhashed, root]);
}

/** A process that takes the lease over waits for this row, and then sees the manifest. */
const addUnderLease = adding(
  'add-manifest-under-lease',
  'from (select from lease where name = $7 and owner = $8 and expires_at > now() for update) ours',
);

/** @returns whether it was stored: not if another process has the lease now */
export async function addManifestUnderLease(
  database: Database,
  { lease, owner }: { readonly lease: string; readonly owner: DispatcherId },
  { run, manifest }: { readonly run: number; readonly manifest: RunManifest },
): Promise<boolean> {
  const { madeAt, madeBy, attempts, unhashed, root } = manifest;
  const values = [run, madeAt, madeBy, attempts, unhashed, root, lease, owner];
  return (await database.query(addUnderLease, values)).length > 0;
}

const newest = {
  name: 'run-manifests',
  text: `
    select made_at, made_by, attempts::float8, unhashed::float8, root from run_manifest
    where run = $1 order by made_at desc limit $2`,
};

/** The newest first. */
export async function readManifests(database: Database, run: number, limit: number): Promise<RunManifest[]> {
  const rows = await database.query<[Date, string, number, number, Buffer]>(newest, [run, limit]);
  return rows.map(([madeAt, madeBy, attempts, unhashed, root]) => ({
    madeAt,
    madeBy,
    attempts,
    unhashed,
    root,
  }));
}

export async function readLastManifest(database: Database, run: number): Promise<RunManifest | undefined> {
  const [last] = await readManifests(database, run, 1);
  return last;
}

const withRoots = {
  name: 'runs-with-roots',
  text: `
    select distinct r.id, encode(m.root, 'hex') from run_manifest m join run r on r.number = m.run
    where m.root = any(select decode(hex, 'hex') from unnest($1::text[]) as hex)`,
};

/** The manifests with one of these roots. @param roots in hex */
export async function findRoots(
  database: Database,
  roots: readonly string[],
): Promise<{ readonly run: string; readonly root: string }[]> {
  const rows = await database.query<[string, string]>(withRoots, [roots]);
  return rows.map(([run, root]) => ({ run, root }));
}
