/** Takes what comes in batches, several batches at a time. */
export interface BatchLoop<T> {
  add(items: readonly T[]): void;
  /** What waits for its batch. */
  waiting(): number;
}

/**
 * While `atOnce` batches are at work, what is added gathers for the next ones: batches grow with the load, up
 * to `largest`.
 */
export function createBatchLoop<T>(options: {
  readonly largest: number;
  readonly atOnce: number;
  readonly work: (batch: T[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}): BatchLoop<T> {
  const { largest, atOnce, work, onError } = options;
  let queue: T[] = [];
  let busy = 0;

  const take = (): T[] => {
    const batch = queue.slice(0, largest);
    queue = queue.slice(largest);
    return batch;
  };
  const run = async (): Promise<void> => {
    busy += 1;
    // One turn of the event loop: what is ready at the same time comes in one batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) await work(take());
    busy -= 1;
  };
  return {
    add(items) {
      queue.push(...items);
      if (busy < atOnce) run().catch(onError);
    },
    waiting: () => queue.length,
  };
}
