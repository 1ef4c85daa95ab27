/** Runs functions in the order they came, at most a fixed number at a time. */
export type Limit = <T>(run: () => Promise<T>) => Promise<T>;

/** Threads get no more than they can work on at a time, so that a time limit counts work and not waiting. */
export function createLimit(atOnce: number): Limit {
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  };
  return async (run) => {
    if (running < atOnce) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      leave();
    }
  };
}
