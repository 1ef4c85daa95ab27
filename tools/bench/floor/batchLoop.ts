/** Works on items in batches, several batches at a time. */
export interface BatchLoop<T> {
  add(items: readonly T[]): void;
  /** How many items wait for a batch. */
  waiting(): number;
}

/** While `atOnce` batches are being worked on, items wait: batches grow with the load, up to `largest`. */
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
    busy++;
    // One turn of the event loop, so that items that are ready together make one batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (queue.length > 0) await work(take());
    busy--;
  };
  return {
    add(items) {
      queue.push(...items);
      if (busy < atOnce) run().catch(onError);
    },
    waiting: () => queue.length,
  };
}
