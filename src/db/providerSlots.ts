import type { SlotHolders } from '../policy/slots/shareSlots.ts';
import type { Database } from './database.ts';

/** Who has which slots of a provider; `version` is 0 if nothing is stored yet. */
export interface ProviderSlots {
  readonly version: number;
  readonly holders: SlotHolders;
  /** The database's clock, unix ms. */
  readonly nowMs: number;
}

const read = {
  name: 'read-provider-slots',
  text: `
    select coalesce(s.version, 0)::float8, coalesce(s.holders, '{}'),
           extract(epoch from clock_timestamp())::float8 * 1000
    from (select $1::text as name) asked left join provider_slot s using (name)`,
};

/** @param name the name in `PROVIDER_CONCURRENCY` */
export async function readProviderSlots(database: Database, name: string): Promise<ProviderSlots> {
  const [row] = await database.query<[number, SlotHolders, number]>(read, [name]);
  const [version, holders, nowMs] = row ?? [0, {}, 0];
  return { version, holders, nowMs };
}

const write = {
  name: 'write-provider-slots',
  text: `
    insert into provider_slot as s (name, version, holders) values ($1, $2::bigint + 1, $3::jsonb)
    on conflict (name) do update set version = excluded.version, holders = excluded.holders
    where s.version = $2::bigint
    returning version`,
};

/** @returns false if another process has written since `version` was read: then nothing has changed */
export async function writeProviderSlots(
  database: Database,
  name: string,
  { version, holders }: Pick<ProviderSlots, 'version' | 'holders'>,
): Promise<boolean> {
  return (await database.query(write, [name, version, JSON.stringify(holders)])).length > 0;
}
