/** Runs a function later. @returns a function that prevents it */
export type StartTimer = (run: () => void, afterMs: number) => () => void;

/** A `StartTimer` by the clock of this process. */
export function startNodeTimer(run: () => void, afterMs: number): () => void {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
}
