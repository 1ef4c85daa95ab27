import type { GatewayPool } from '../http/gatewayPool.ts';
import type { LookupAnswer } from '../provider.ts';
import { elapsedSince, readClocks } from '../startDeadline.ts';
import type { FieldOf } from './answerRules.ts';
import { compileSightings, concludeLookup, type Sighting } from './lookupRules.ts';
import type { LookupMapping } from './mappingSchema.ts';
import { compileText } from './placeholders.ts';
import { koreanTime } from './providerTime.ts';
import type { SignRequest } from './signRequest.ts';

export interface MappedLookupDeps {
  readonly lookup: LookupMapping;
  readonly pool: GatewayPool;
  readonly sign: SignRequest;
  readonly timeLimitMs: number;
}

/** Makes the function that asks a provider about the message with a key. */
export function createMappedLookup(
  deps: MappedLookupDeps,
): (idempotencyKey: string) => Promise<LookupAnswer> {
  const { lookup, pool, sign, timeLimitMs } = deps;
  const paths = lookup.paths.map((path) => compileText(path, encodeURIComponent));
  const sightingIn = compileSightings(lookup);
  return async (key) => {
    const fieldOf = valuesOfKey(key, new Date());
    const asked = readClocks();
    const sightings: Sighting[] = [];
    for (const write of paths) {
      const path = write(fieldOf);
      const outcome = await pool.exchange({
        method: 'GET',
        path,
        headers: await sign({ method: 'GET', path, key, attempt: 1 }),
        mayStart: () => elapsedSince(asked) < timeLimitMs,
        timeLimitMs,
      });
      const sighting = outcome.kind === 'answered' ? sightingIn(outcome, fieldOf) : 'nothing';
      if (sighting === 'accepted') return 'accepted';
      sightings.push(sighting);
    }
    return concludeLookup(sightings, lookup.proves);
  };
}

const weekMs = 7 * 86_400_000;

function valuesOfKey(key: string, now: Date): FieldOf {
  const [billId = '', channel = '', cycle = ''] = key.split(':');
  const values: Readonly<Record<string, string>> = {
    key,
    billId,
    channel,
    cycle,
    koreaNow: koreanTime(now),
    koreaWeekAgo: koreanTime(new Date(now.getTime() - weekMs)),
  };
  return (field) => values[field] ?? '';
}
