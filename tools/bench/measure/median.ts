/**
 * The median of those values that are there; undefined where none is. Of an even number of values it is the
 * lower of the two in the middle, so that it was really measured.
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
