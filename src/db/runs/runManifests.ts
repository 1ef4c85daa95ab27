import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { tellRun } from './runEvents.ts';

/** One hash over the accepted attempts of a run. */
export interface RunManifest {
  readonly madeAt: Date;
  readonly madeBy: string;
  /** The leaves of the tree. */
  readonly attempts: number;
  /** Those whose entry has no hash of what the message said. */
  readonly unhashed: number;
  readonly root: Buffer;
}

/** The run that a manifest is about. */
export interface ManifestRun {
  readonly number: number;
  readonly id: string;
  readonly kind: string;
  readonly state: string;
}

const selectRun = { name: 'manifest-run', text: 'select number, id, kind, state from run where id = $1' };
const selectRunOfBill = {
  name: 'manifest-run-of-bill',
  text: `
    select r.number, r.id, r.kind, r.state
    from bill_notification n join run r on r.number = n.run where n.bill_id = $1`,
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
  const [row] = await database.query<[number, string, string, string]>(
    runId === undefined ? selectRunOfBill : selectRun,
    [runId ?? billId],
  );
  return row && { number: row[0], id: row[1], kind: row[2], state: row[3] };
}

const add = {
  name: 'add-run-manifest',
  text: `
    with made as (
      insert into run_manifest (run, made_at, made_by, attempts, unhashed, root) values ($1, $2, $3, $4, $5, $6)
      on conflict (run, made_at) do nothing
      returning run as number, made_by, attempts, root
    ), ${tellRun('made', {
      what: 'manifest',
      actor: 'made.made_by',
      facts: `jsonb_build_object('attempts', made.attempts, 'root', encode(made.root, 'hex'))`,
    })}
    select 1 from told`,
};

export async function addRunManifest(
  database: Database,
  run: number,
  { madeAt, madeBy, attempts, unhashed, root }: RunManifest,
): Promise<void> {
  await database.query(add, [run, madeAt, madeBy, attempts, unhashed, root]);
}

const last = {
  name: 'last-run-manifest',
  text: `
    select made_at, made_by, attempts::float8, unhashed::float8, root from run_manifest
    where run = $1 order by made_at desc limit 1`,
};

export async function readLastManifest(database: Database, run: number): Promise<RunManifest | undefined> {
  const [row] = await database.query<[Date, string, number, number, Buffer]>(last, [run]);
  if (row === undefined) return undefined;
  const [madeAt, madeBy, attempts, unhashed, root] = row;
  return { madeAt, madeBy, attempts, unhashed, root };
}
