/** What is known of a bill before it is chosen. */
export interface SampleFacts<Bill> {
  readonly bill: Bill;
  /** Of its text in the database. */
  readonly bytes: number;
  readonly isNothingDue: boolean;
}

/**
 * Pure. Chooses the bills that seed addresses get: an ordinary one, the longest, the shortest, and one with
 * nothing to pay. A bill is chosen once.
 */
export function chooseSamples<Bill>(facts: readonly SampleFacts<Bill>[]): Bill[] {
  const bySize = facts.toSorted((a, b) => a.bytes - b.bytes);
  const chosen = [
    bySize[bySize.length >> 1],
    bySize.at(-1),
    bySize[0],
    facts.find(({ isNothingDue }) => isNothingDue),
  ];
  return [...new Set(chosen.flatMap((one) => (one === undefined ? [] : [one.bill])))];
}
