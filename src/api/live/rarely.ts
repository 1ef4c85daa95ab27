/** The least time between two readings. */
const freshMs = 900;
/**
 * The share of time that readings may take. At full speed the counts take some 50 ms of a core that the path
 * needs; a scan of all bills takes seconds.
 */
const share = 0.02;
/** If a reading takes longer, callers get the last one while the next is made. */
const slowMs = 100;
/** How much older than usual a reading may become by that. */
const overdueMs = 10_000;

/**
 * Returns the last reading until it is time for the next one, for which all callers wait together if it is
 * quick.
 * @param nowMs a clock that only goes forward
 */
export function rarely<T>(read: () => Promise<T>, nowMs = () => performance.now()): () => Promise<T> {
  let last: { readonly value: T } | undefined;
  let againAtMs = Number.NEGATIVE_INFINITY;
  let shownUntilMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<T> | undefined;

  const readNow = async (): Promise<T> => {
    const beganMs = nowMs();
    try {
      const value = await read();
      const tookMs = nowMs() - beganMs;
      last = { value };
      againAtMs = beganMs + Math.max(freshMs, tookMs / share);
      shownUntilMs = againAtMs + (tookMs > slowMs ? overdueMs : 0);
      return value;
    } finally {
      reading = undefined;
    }
  };
  return () => {
    if (last !== undefined && nowMs() < againAtMs) return Promise.resolve(last.value);
    reading ??= readNow();
    if (last === undefined || nowMs() >= shownUntilMs) return reading;
    // If it fails, callers get the error once the last reading is too old.
    reading.catch(() => undefined);
    return Promise.resolve(last.value);
  };
}
