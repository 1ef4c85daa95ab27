import type { BillId, ClaimToken } from '../bill.ts';
import type { Database } from './database.ts';
import type { Standing } from './reads/standing.ts';
import { plainArray } from './sql.ts';

/** The state of a bill when an action looked at it. */
export interface SeenBill extends Omit<Standing, 'inClosedMonth' | 'passed'> {
  /** Counted up by every change that owes an event. */
  readonly publishSeq: number;
}

const readSequences = {
  name: 'read-publish-sequences',
  text: 'select bill_id, publish_seq from bill_notification where bill_id = any($1::bigint[])',
};

export async function readPublishSequences(
  database: Database,
  billIds: readonly BillId[],
): Promise<Map<BillId, number>> {
  return new Map(await database.query<[BillId, number]>(readSequences, [plainArray(billIds)]));
}

const collect = {
  name: 'collect-action',
  text: `
    with kept as (
      insert into bill_action_bill
        (action_id, bill_id, send_status, publish_status, publish_seq, cycle, token, channel)
      select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::int[], $6::int[], $7::uuid[], $8::text[])
      on conflict (action_id, bill_id) do nothing
    )
    update bill_action
    set changed_at = now(), selected = $9, eligible = $10, not_eligible = $11::jsonb
    where id = $1 and state = 'COLLECTING'
    returning id`,
};

/** The sums of a collection so far. */
export interface Collected {
  readonly selected: number;
  readonly eligible: number;
  readonly notEligible: Readonly<Record<string, number>>;
}

/** Stores a page of bills and the sums so far. @returns whether the action is still being collected */
export async function keepCollected(
  database: Database,
  id: string,
  { bills, sums }: { readonly bills: readonly SeenBill[]; readonly sums: Collected },
): Promise<boolean> {
  const kept = await database.query(collect, [
    id,
    plainArray(bills.map(({ billId }) => billId)),
    plainArray(bills.map(({ sendStatus }) => sendStatus)),
    plainArray(bills.map(({ publishStatus }) => publishStatus)),
    plainArray(bills.map(({ publishSeq }) => publishSeq)),
    plainArray(bills.map(({ cycle }) => cycle)),
    plainArray(bills.map(({ token }) => token ?? 'NULL')),
    plainArray(bills.map(({ channel }) => channel)),
    sums.selected,
    sums.eligible,
    JSON.stringify(sums.notEligible),
  ]);
  return kept.length > 0;
}

const ready = {
  name: 'ready-action',
  text: `
    update bill_action set state = 'READY', as_of = $2, changed_at = now(),
        selected = $3, eligible = $4, not_eligible = $5::jsonb
    where id = $1 and state = 'COLLECTING'`,
};

/** Ends the collection of bills. `asOf` is a time before the first of them was read. */
export async function finishCollecting(
  database: Database,
  id: string,
  { asOf, sums }: { readonly asOf: Date; readonly sums: Collected },
): Promise<void> {
  await database.query(ready, [id, asOf, sums.selected, sums.eligible, JSON.stringify(sums.notEligible)]);
}

const fail = {
  name: 'fail-action',
  text: `
    update bill_action set state = 'FAILED', problem = $2, finished_at = now(), changed_at = now()
    where id = $1 and finished_at is null`,
};

export async function failBillAction(database: Database, id: string, problem: string): Promise<void> {
  await database.query(fail, [id, problem]);
}

const running = {
  name: 'list-running-actions',
  text: `
    select id, state = 'STOPPING' from bill_action
    where finished_at is null and state in ('RUNNING', 'STOPPING')
    order by changed_at
    limit 100`,
};

/** An action of which bills are being moved. */
export interface RunningAction {
  readonly id: string;
  /** Somebody has asked it to stop. */
  readonly isStopping: boolean;
}

/** The one that was last looked after longest ago first. */
export async function listRunningActions(database: Database): Promise<RunningAction[]> {
  const rows = await database.query<[string, boolean]>(running);
  return rows.map(([id, isStopping]) => ({ id, isStopping }));
}

/** A page of an action that is about to be moved. */
export interface ActionPage {
  readonly token: ClaimToken;
  /** An earlier process may have moved some of the page, under the same token. */
  readonly isRepeated: boolean;
  readonly request: unknown;
  readonly startedBy: string;
  readonly reason: string;
  readonly perSecond: number | null;
  readonly bills: readonly SeenBill[];
}

const begin = {
  name: 'begin-action-page',
  text: `
    update bill_action set page_token = coalesce(page_token, $2), changed_at = now()
    where id = $1 and state = 'RUNNING'
    returning page_token, request, started_by, reason, per_second, through`,
};

const pageBills = {
  name: 'select-action-page',
  text: `
    select bill_id, send_status, publish_status, publish_seq, cycle, token, channel
    from bill_action_bill
    where action_id = $1 and bill_id > $2
    order by bill_id
    limit $3`,
};

type SeenColumns = [
  ...[BillId, SeenBill['sendStatus'], SeenBill['publishStatus'], number, number],
  ...[ClaimToken | null, SeenBill['channel']],
];

/** @returns undefined if the action is not running, or no longer is */
export async function beginActionPage(
  database: Database,
  id: string,
  { token, sizeOf }: { token: ClaimToken; sizeOf: (perSecond: number | null) => number },
): Promise<ActionPage | undefined> {
  const [row] = await database.query<[ClaimToken, unknown, string, string, number | null, string]>(begin, [
    id,
    token,
  ]);
  if (row === undefined) return undefined;
  const [kept, request, startedBy, reason, perSecond, through] = row;
  const rows = await database.query<SeenColumns>(pageBills, [id, through, sizeOf(perSecond)]);
  return {
    token: kept,
    isRepeated: kept !== token,
    request,
    startedBy,
    reason,
    perSecond,
    bills: rows.map(([billId, sendStatus, publishStatus, publishSeq, cycle, seenToken, channel]) => ({
      billId,
      sendStatus,
      publishStatus,
      publishSeq,
      cycle,
      token: seenToken,
      channel,
    })),
  };
}

const journalled = {
  name: 'find-journalled-moves',
  text: 'select distinct bill_id from delivery_attempt where bill_id = any($1::bigint[]) and claim_token = $2',
};

/** Which of these bills were moved under this token. */
export async function findJournalledMoves(
  database: Database,
  billIds: readonly BillId[],
  token: ClaimToken,
): Promise<Set<BillId>> {
  const rows = await database.query<[BillId]>(journalled, [plainArray(billIds), token]);
  return new Set(rows.map(([billId]) => billId));
}

const advance = {
  name: 'advance-action',
  text: `
    update bill_action
    set moved = moved + $3, skipped = skipped + $4, through = $5, page_token = null, changed_at = now()
    where id = $1 and page_token = $2`,
};

/** Marks a page as done. Doing it again changes nothing. */
export async function advanceAction(
  database: Database,
  id: string,
  page: { token: ClaimToken; moved: number; skipped: number; through: BillId },
): Promise<void> {
  await database.query(advance, [id, page.token, page.moved, page.skipped, page.through]);
}

const finish = {
  name: 'finish-action',
  text: `
    update bill_action
    set state = case when state = 'STOPPING' then 'STOPPED' else 'DONE' end, finished_at = now(),
        changed_at = now(), page_token = null
    where id = $1 and state in ('RUNNING', 'STOPPING')
    returning state`,
};

/** @returns whether this call ended it */
export async function finishBillAction(database: Database, id: string): Promise<boolean> {
  return (await database.query(finish, [id])).length > 0;
}
