import type { Database } from './database.ts';

export interface RateRequest {
  /** The name in `PROVIDER_RATES`. */
  readonly name: string;
  readonly count: number;
  /** The time from one send to the next. */
  readonly stepMs: number;
  /** How long from now the first send must be. */
  readonly leadMs: number;
}

/** When the first send may begin, and the time of the answer, both by the database's clock. Unix ms. */
export interface ReservedSends {
  readonly firstMs: number;
  readonly nowMs: number;
}

/** How far ahead all processes together may reserve. If a process dies, what it holds is soon over. */
const horizonMs = 500;

/**
 * Each reservation follows the one before, so no two processes have the same moment, whatever their clocks
 * say. If reservations lie further ahead than allowed, a clock was set back, and they do not count.
 */
const reserve = {
  name: 'reserve-sends',
  text: `
    insert into provider_rate as r (name, next_at)
    values ($1, clock_timestamp() + ($4::float8 + $2::float8 * $3::float8) * interval '1 ms')
    on conflict (name) do update
    set next_at = case
        when r.next_at > clock_timestamp() + $6::float8 * interval '1 ms' then excluded.next_at
        else greatest(r.next_at, clock_timestamp() + $4::float8 * interval '1 ms')
          + $2::float8 * $3::float8 * interval '1 ms'
      end
    where r.next_at < clock_timestamp() + $5::float8 * interval '1 ms'
       or r.next_at > clock_timestamp() + $6::float8 * interval '1 ms'
    returning extract(epoch from next_at)::float8 * 1000 - $2::float8 * $3::float8,
      extract(epoch from clock_timestamp())::float8 * 1000`,
};

/** Reserves the next sends of a rate; undefined if all moments of the near future are taken. */
export async function reserveSends(
  database: Database,
  { name, count, stepMs, leadMs }: RateRequest,
): Promise<ReservedSends | undefined> {
  const impossibleMs = 2 * horizonMs + 2 * Math.max(count, 10) * stepMs;
  const [row] = await database.query<[number, number]>(reserve, [
    name,
    count,
    stepMs,
    leadMs,
    horizonMs,
    impossibleMs,
  ]);
  return row && { firstMs: row[0], nowMs: row[1] };
}
