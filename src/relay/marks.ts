/** Writes the marks of several lanes: one statement at a time, with all marks that came meanwhile. */
export interface Marks<T> {
  /** Resolves when these are written. */
  add(items: readonly T[]): Promise<void>;
}

export function createMarks<T>(write: (items: readonly T[]) => Promise<void>): Marks<T> {
  let waiting: T[] = [];
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const writeWaiting = async (): Promise<void> => {
    await last.catch(() => undefined);
    const items = waiting;
    waiting = [];
    last = next ?? last;
    next = undefined;
    await write(items);
  };

  return {
    add(items) {
      waiting.push(...items);
      next ??= writeWaiting();
      return next;
    },
  };
}
