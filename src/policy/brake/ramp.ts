/**
 * How many sends of a channel may be under way, while it is not known yet whether its provider works: at a
 * start, after a pause, after a brake, after a minute without a good answer. A provider that is broken costs
 * no more than these.
 */
export const firstSendsAtOnce = 50;

/** With so many good answers it works: from here on only its own limits count. */
const provenAt = 400;

/**
 * Doubles with each round of good answers: every one lets one more be under way.
 * @returns Infinity once there is no limit any more
 */
export function rampUp(atOnce: number, goodAnswers: number): number {
  const next = atOnce + goodAnswers;
  return next >= provenAt ? Number.POSITIVE_INFINITY : next;
}
