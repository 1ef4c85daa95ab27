import type { ConnectionSettings } from './connector.ts';
import type { HttpOutcome } from './exchange.ts';
import { createGatewayPool } from './gatewayPool.ts';
import { lookupPath } from './lookupPath.ts';

export interface Probe {
  /** The key that was asked about. */
  readonly key: string;
  readonly outcome: HttpOutcome;
  /** How many ms the gateway's clock is ahead of ours, to a second; undefined if it sends no date. */
  readonly clockAheadMs: number | undefined;
}

/**
 * Asks a gateway about a bill that does not exist. This reaches the gateway as a send does, and can do no
 * harm. It asks twice: the first request makes the connection, so only the second one's time says something
 * about the clock.
 */
export async function probeGateway(options: {
  readonly channel: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly timeLimitMs: number;
  readonly settings: ConnectionSettings;
}): Promise<Probe> {
  const { channel, authorization, timeLimitMs, settings } = options;
  const url = new URL(options.url);
  const pool = createGatewayPool({
    url,
    settings,
    connections: 1,
    connectTimeoutMs: timeLimitMs,
    keepAliveMs: timeLimitMs,
  });
  const key = `0:${channel}:0`;
  const ask = () =>
    pool.exchange({
      method: 'GET',
      path: lookupPath(url, key),
      mayStart: () => true,
      timeLimitMs,
      headers: authorization === undefined ? {} : { authorization },
    });
  try {
    await ask();
    const outcome = await ask();
    return { key, outcome, clockAheadMs: clockAheadMsOf(outcome) };
  } finally {
    await pool.destroy();
  }
}

/** A `Date` header has whole seconds, so on average half a second is missing. */
function clockAheadMsOf(outcome: HttpOutcome): number | undefined {
  if (outcome.kind !== 'answered') return undefined;
  const aheadMs = Date.parse(outcome.date) + 500 - Date.now();
  return Number.isNaN(aheadMs) ? undefined : aheadMs;
}
