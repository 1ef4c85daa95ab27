const longestMs = 3_600_000;

/**
 * Reads Retry-After (RFC 9110, 10.2.3): seconds or an HTTP date. The result is an hour at most, so that a
 * wrong clock of the provider cannot delay bills by a day.
 * @returns milliseconds; undefined if the header is missing or says nothing
 */
export function retryAfterMsOf(header: string, now: Date): number | undefined {
  const text = header.trim();
  if (text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestMs);
}
