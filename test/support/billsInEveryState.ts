import { loadConfig } from '../../src/config/loadConfig.ts';
import type { Database } from '../../src/db/database.ts';
import { addSampleBills } from '../../src/operations/addSampleBills.ts';
import { ask } from './ask.ts';
import { emptyTables, insertDispatcher } from './notifications.ts';

/** What a hostile provider answers: it must stay text wherever it is shown. */
const hostile = `<img src=x onerror="document.title='run'"><script>document.title='run'</script>`;

/** How many bills are in each state, in the order of their ids. */
export const billsByState = {
  HELD: 6,
  WAITING: 3,
  PENDING: 5,
  SENDING: 2,
  SENT: 4,
  DELIVERED: 30,
  IN_DOUBT: 3,
  FAILED: 5,
  CANCELLED: 2,
} as const;

type State = keyof typeof billsByState;

/** What a row needs besides its state. */
const settings: Readonly<Record<State, string>> = {
  HELD: `publish_status = 'HELD'`,
  WAITING: `publish_status = 'PUBLISHED', publish_seq = 1, not_before = now() + interval '3 hours'`,
  PENDING: `publish_status = 'PUBLISHED', publish_seq = 1`,
  SENDING: `send_status = 'SENDING', publish_status = 'PUBLISHED', publish_seq = 1, claim_token = uuidv7()`,
  SENT: `send_status = 'SENT', publish_status = 'PUBLISHED', publish_seq = 1, claim_token = uuidv7(),
         handed_off_at = now(), attempts = 1`,
  DELIVERED: `send_status = 'DELIVERED', publish_status = 'PUBLISHED', publish_seq = 1, claim_token = uuidv7(),
              handed_off_at = now() - interval '2 minutes', attempts = 1`,
  IN_DOUBT: `send_status = 'IN_DOUBT', publish_status = 'PUBLISHED', publish_seq = 1, claim_token = uuidv7(),
             handed_off_at = now() - interval '9 minutes', in_doubt_at = now() - interval '8 minutes',
             not_before = now() + interval '1 minute', reason = 'HTTP_TIME_OUT', attempts = 1`,
  FAILED: `send_status = 'FAILED', failed_at = now(), publish_status = 'PUBLISHED', publish_seq = 1, attempts = 1, reason =
           case when n % 2 = 0 then 'NO_CONTACT' else 'SMS_REFUSED' end, channel = 'SMS'`,
  CANCELLED: `send_status = 'CANCELLED', cancelled_at = now(), publish_status = 'PUBLISHED', publish_seq = 1`,
};

/** The ids of bills of each state. */
export type BillsOfStates = Readonly<Record<State, readonly string[]>>;

/**
 * Fills empty tables with sample bills in every state, two dispatchers, a journal and a record that was no
 * event.
 */
export async function addBillsInEveryState(database: Database): Promise<BillsOfStates> {
  await emptyTables(database);
  const members = Object.values(billsByState).reduce((sum, bills) => sum + bills, 0);
  const config = loadConfig({});
  const { firstBillId } = await addSampleBills(
    { database, config },
    { members, seed: 7, month: '2026-11-01' },
  );
  let next = Number(firstBillId);
  const ids: Partial<Record<State, string[]>> = {};
  for (const [state, bills] of Object.entries(billsByState) as [State, number][]) {
    const own = Array.from({ length: bills }, (_, index) => String(next + index));
    next += bills;
    ids[state] = own;
    await ask(
      database,
      `update bill_notification b set ${settings[state]}
       from unnest($1::bigint[]) with ordinality as own (id, n) where b.bill_id = own.id`,
      [own],
    );
  }
  await insertDispatcher(database, { name: 'billing-1:4211' });
  await insertDispatcher(database, { name: 'billing-2:977', silentMs: 60_000 });
  await addJournal(database);
  await addPoison(database);
  return ids as BillsOfStates;
}

async function addJournal(database: Database): Promise<void> {
  await ask(
    database,
    `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, reason, provider_id, actor,
       started_at, finished_at)
     select bill_id, coalesce(claim_token, uuidv7()),
       case send_status when 'DELIVERED' then 'ACCEPTED' when 'FAILED' then 'REFUSED' else 'UNKNOWN' end,
       cycle, channel, true, case when send_status = 'DELIVERED' then null else $1 end,
       case when send_status = 'DELIVERED' then 'sim-' || bill_id end, 'dispatcher billing-1:4211',
       now() - interval '2 minutes 1 second', now() - interval '2 minutes'
     from bill_notification where send_status in ('DELIVERED', 'FAILED', 'IN_DOUBT')`,
    [hostile],
  );
}

async function addPoison(database: Database): Promise<void> {
  await ask(
    database,
    `insert into poison_record (topic, partition, "offset", reason, key, value, recorded_at)
     values ('bill.email', 3, 41, 'EVENT_NOT_JSON', 'k', convert_to($1, 'UTF8'), now() - interval '5 minutes')`,
    [hostile],
  );
}
