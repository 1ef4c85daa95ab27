/** Runs functions, so many at a time, in the order they came. */
export type Limit = <T>(run: () => Promise<T>) => Promise<T>;

/** Bounds what is given to the threads to what they are at, so that a time limit counts work and not waiting. */
export function createLimit(atOnce: number): Limit {
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return async (run) => {
    if (running < atOnce) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      leave();
    }
  };
}
