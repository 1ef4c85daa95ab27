/**
 * The median of the values that exist; undefined if there are none. If their number is even, the lower one.
 */
export function medianOf<T>(
  runs: readonly T[],
  pick: (run: T) => number | null | undefined,
): number | undefined {
  const values = runs
    .map(pick)
    .filter((value) => value !== undefined && value !== null)
    .toSorted((left, right) => left - right);
  return values[Math.floor((values.length - 1) / 2)];
}
