/**
 * How many sends of a channel may run at a time while it is not known whether its provider works: after a
 * start, a pause, a brake, or a minute without a good answer. If the provider is broken, it costs no more
 * bills than these.
 */
export const firstSendsAtOnce = 50;

/** After so many good answers the provider works: from here on only its own limits count. */
const provenAt = 400;

/**
 * Doubles with each round of good answers: each of them allows one more send at a time.
 * @returns Infinity if there is no limit any more
 */
export function rampUp(atOnce: number, goodAnswers: number): number {
  const next = atOnce + goodAnswers;
  return next >= provenAt ? Number.POSITIVE_INFINITY : next;
}
