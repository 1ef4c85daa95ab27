import type { Connection } from '../../src/db/database.ts';
import type { BenchOptions } from './options.ts';
import { say } from './system/benchServers.ts';
import { throwIfInterrupted } from './system/interruption.ts';

const rowsPerStatement = 500_000;

/** Above every id of the bills that are sent. */
const firstId = 1_000_000_000_000;

/** Adds delivered bills of earlier months and other members, as a system gathers them over the years. */
export async function addHistory(
  connection: Connection,
  { history }: Pick<BenchOptions, 'history'>,
): Promise<void> {
  for (let done = 0; done < history; done += rowsPerStatement) {
    throwIfInterrupted();
    const ids = [firstId + done, firstId + Math.min(done + rowsPerStatement, history) - 1];
    await connection.run(addBills, ids);
    await connection.run(addNotifications, ids);
    say(
      `${Math.min(done + rowsPerStatement, history).toLocaleString('en')} bills of other months are added.`,
    );
  }
}

const addBills = `
  insert into bill
  select id, id / 12, date '2025-01-01' + make_interval(months => (id % 12)::int), 55000, 5000, 0, 3000, 52000,
         50000, 5000, date '2025-02-25', timestamptz '2025-02-01', 'owner', 'card', 'number'
  from generate_series($1::bigint, $2::bigint) id`;

const addNotifications = `
  insert into bill_notification
    (bill_id, member_id, send_status, publish_status, publish_seq, attempts, claim_token, changed_at, published_at,
     handed_off_at)
  select id, id / 12, 'DELIVERED', 'PUBLISHED', 1, 1, gen_random_uuid(), t, t, t
  from generate_series($1::bigint, $2::bigint) id, (values (timestamptz '2025-02-02')) past (t)`;
