import type { Answered } from '../http/exchange.ts';
import type { LookupAnswer } from '../provider.ts';
import { compileRule, type FieldOf } from './answerRules.ts';
import type { LookupMapping } from './mappingSchema.ts';
import { partsOf } from './sender.ts';

/** What one answer says about a message. */
export type Sighting = 'accepted' | 'notSeen' | 'nothing';

export function compileSightings({ rules }: LookupMapping): (answer: Answered, fieldOf: FieldOf) => Sighting {
  const compiled = rules.map((rule) => ({ means: rule.means, fits: compileRule(rule) }));
  return (answer, fieldOf) => {
    const parts = partsOf(answer);
    return compiled.find(({ fits }) => fits(parts, fieldOf))?.means ?? 'nothing';
  };
}

/**
 * What the answers of all paths together prove. The sweeper checks that "not seen" comes after the horizon.
 */
export function concludeLookup(
  sightings: readonly Sighting[],
  proves: LookupMapping['proves'],
): LookupAnswer {
  if (sightings.includes('accepted')) return 'accepted';
  const seenNowhere = sightings.length > 0 && sightings.every((one) => one === 'notSeen');
  return seenNowhere && proves === 'authoritative' ? 'never' : 'cannotTell';
}
