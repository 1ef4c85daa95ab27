/** The least time between two readings. */
const freshMs = 900;
/** A reading may take this share of the time between two of them: it may be a scan of all bills. */
const share = 0.1;

/** Gives the last reading until it is time for the next one, which all who ask wait for together. */
export function rarely<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { readonly value: T } | undefined;
  let againAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<T> | undefined;

  const readNow = async (): Promise<T> => {
    const beganMs = performance.now();
    try {
      const value = await read();
      last = { value };
      againAtMs = beganMs + Math.max(freshMs, (performance.now() - beganMs) / share);
      return value;
    } finally {
      reading = undefined;
    }
  };
  return () => {
    if (last !== undefined && performance.now() < againAtMs) return Promise.resolve(last.value);
    reading ??= readNow();
    return reading;
  };
}
