import type { DispatcherId } from '../bill.ts';
import type { Database } from './database.ts';

const take = {
  name: 'take-lease',
  text: `
    insert into lease (name, owner, expires_at) values ($1, $2, now() + $3::float8 * interval '1 ms')
    on conflict (name) do update set owner = excluded.owner, expires_at = excluded.expires_at
    where lease.owner = excluded.owner or lease.expires_at < now()
    returning name`,
};

/** Takes or renews a lease for `ttlMs`; false while another holds it. */
export async function takeLease(
  database: Database,
  name: string,
  { owner, ttlMs }: { owner: DispatcherId; ttlMs: number },
): Promise<boolean> {
  return (await database.query(take, [name, owner, ttlMs])).length > 0;
}

const release = { name: 'release-lease', text: `delete from lease where name = $1 and owner = $2` };

/** Releases the lease, so that another process can take it at once. */
export async function releaseLease(database: Database, name: string, owner: DispatcherId): Promise<void> {
  await database.query(release, [name, owner]);
}
