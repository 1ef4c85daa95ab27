import assert from 'node:assert/strict';
import type { BillId, ClaimToken } from '../../src/bill.ts';
import type { Database } from '../../src/db/database.ts';
import { ask, askValue } from '../support/ask.ts';
import { emptyTables, insertBatch, insertNotification, newDispatcherId } from '../support/notifications.ts';
import { initialState, type Row } from './state.ts';

/** A row of the model and the real one that stands for it. */
export interface RealRow {
  readonly billId: BillId;
  readonly row: Row;
  readonly token: ClaimToken | null;
}

/** What of a row the model and the table both know. */
export type Comparable = Omit<Row, 'batch' | 'pastHorizon' | 'provider'>;

/** Every row that the model knows and the table allows, in a real table. */
export interface RowTable {
  readonly rows: readonly RealRow[];
  /** Puts every row back. */
  restore(): Promise<void>;
  read(): Promise<Map<BillId, Comparable>>;
}

/** The model's tokens 1 (ours) and 2 (another's), with a batch that names their bills and without. */
export function tokenOf({ token, batch }: Pick<Row, 'token' | 'batch'>): ClaimToken | null {
  return token === 0 ? null : (`00000000-0000-4000-8000-0000000000${token}${batch ? 1 : 0}` as ClaimToken);
}

export async function createRowTable(database: Database): Promise<RowTable> {
  const rows: RealRow[] = [];
  for (const row of legalRows()) rows.push({ ...(await insertRow(database, row)), row });
  await ask(database, 'create table original as table bill_notification');
  return {
    rows,
    restore: async () => {
      await emptyTables(database);
      await ask(database, 'insert into bill_notification select * from original');
      for (const token of [1, 2]) await insertBatchOf(database, rows, token);
    },
    read: () => readRows(database),
  };
}

const longAgo = { changedMsAgo: 600_000, publishedMsAgo: 600_000 };
const anHourMs = 3_600_000;

async function insertRow(database: Database, row: Row) {
  const token = tokenOf(row);
  const { billId } = await insertNotification(database, {
    ...longAgo,
    sendStatus: row.status,
    channel: row.channel,
    step: row.step,
    ...(row.passed.length === 0 ? {} : { passed: row.passed }),
    cycle: row.cycle,
    publishStatus: row.publish,
    publishSeq: row.publishSeq,
    token,
    ...(row.waits ? { notBeforeInMs: anHourMs } : {}),
    ...(row.retransmits ? { retransmitInMs: -1_000 } : {}),
  });
  return { billId, token };
}

/** Its owner has never lived: the batch is abandoned. */
async function insertBatchOf(database: Database, rows: readonly RealRow[], number: number): Promise<void> {
  const token = tokenOf({ token: number, batch: true });
  if (token === null) return;
  const billIds = rows.filter((real) => real.token === token).map(({ billId }) => billId);
  await insertBatch(database, { token, owner: newDispatcherId(), billIds });
}

function legalRows(): Row[] {
  return (['PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED'] as const).flatMap(
    (status) =>
      choices(places, [1, 2], ['HELD', 'PENDING', 'PUBLISHED'] as const).flatMap(([place, cycle, publish]) =>
        status === 'FAILED' && publish === 'HELD'
          ? []
          : variantsOf({ ...initialState(noSizes).row, publishSeq: 5, status, ...place, cycle, publish }),
      ),
  );
}

/** The steps of a cycle over three channels. */
const places: readonly Pick<Row, 'channel' | 'step' | 'passed'>[] = [
  { channel: 'EMAIL', step: 0, passed: [] },
  { channel: 'ALIMTALK', step: 1, passed: ['EMAIL'] },
  { channel: 'SMS', step: 2, passed: ['EMAIL', 'ALIMTALK'] },
];

const noSizes = { tasks: 0, relays: 0, underWay: 0, publish: 'PENDING' } as const;
const either = [false, true];

function variantsOf(row: Row): Row[] {
  switch (row.status) {
    case 'PENDING':
      return either.map((waits) => ({ ...row, waits }));
    case 'SENDING':
    case 'SENT':
      return choices([1, 2], either, [0]).map(([token, batch]) => ({ ...row, token, batch }));
    case 'IN_DOUBT':
    case 'DELIVERED':
      return [1, 2].map((token) => ({ ...row, token }));
    case 'FAILED':
      return either.map((retransmits) => ({ ...row, retransmits }));
    case 'CANCELLED':
      return [row];
    default:
      return row.status satisfies never;
  }
}

function choices<A, B, C>(as: readonly A[], bs: readonly B[], cs: readonly C[]): [A, B, C][] {
  return as.flatMap((a) => bs.flatMap((b) => cs.map((c): [A, B, C] => [a, b, c])));
}

/** The model has no times, but whether a failure or a cancellation is dated follows from the state. */
async function readRows(database: Database): Promise<Map<BillId, Comparable>> {
  const misdated = await askValue<number>(
    database,
    `select count(*)::int from bill_notification
     where (send_status = 'FAILED') <> (failed_at is not null)
        or (send_status = 'CANCELLED') <> (cancelled_at is not null)`,
  );
  assert.equal(misdated, 0, 'each time is set in its state and only then');
  const rows = await ask<[BillId, Comparable]>(
    database,
    `select bill_id::text, json_build_object(
       'status', send_status, 'channel', channel, 'step', step,
       'passed', coalesce(passed, '{}'), 'cycle', cycle, 'publish', publish_status,
       'publishSeq', publish_seq, 'waits', not_before > now(), 'retransmits', retransmit_at is not null,
       'token', coalesce(substr(claim_token::text, 35, 1)::int, 0))
     from bill_notification`,
  );
  return new Map(rows);
}
