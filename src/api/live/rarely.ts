/** The least time between two readings. */
const freshMs = 900;
/**
 * The share of time that readings may take. At full speed the counts take some 50 ms of a core that the path
 * needs; a scan of all bills takes seconds.
 */
const share = 0.03;

/**
 * Returns the last reading until it is time for the next one, for which all callers wait together.
 * @param nowMs a clock that only goes forward
 */
export function rarely<T>(read: () => Promise<T>, nowMs = () => performance.now()): () => Promise<T> {
  let last: { readonly value: T } | undefined;
  let againAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<T> | undefined;

  const readNow = async (): Promise<T> => {
    const beganMs = nowMs();
    try {
      const value = await read();
      last = { value };
      againAtMs = beganMs + Math.max(freshMs, (nowMs() - beganMs) / share);
      return value;
    } finally {
      reading = undefined;
    }
  };
  return () => {
    if (last !== undefined && nowMs() < againAtMs) return Promise.resolve(last.value);
    reading ??= readNow();
    return reading;
  };
}
