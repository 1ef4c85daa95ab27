import type { Database } from '../../../src/db/database.ts';

const release = {
  name: 'let-go-by-id',
  text: `
    update bill_notification
    set publish_status = 'PENDING', publish_seq = publish_seq + 1, changed_at = now()
    where bill_id = any($1::bigint[]) and publish_status = 'HELD' and send_status = 'PENDING'
    returning bill_id`,
};

/** Lets these bills go where they are held; returns how many were. */
export async function releaseById(database: Database, billIds: readonly string[]): Promise<number> {
  return (await database.query(release, [billIds])).length;
}
