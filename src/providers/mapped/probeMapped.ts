import type { ConnectionSettings } from '../http/connector.ts';
import type { HttpOutcome } from '../http/exchange.ts';
import { createGatewayPool } from '../http/gatewayPool.ts';
import { compileText } from './placeholders.ts';
import { type ResolvedMapping, sendsOf } from './resolveMapping.ts';
import { createSigner } from './signRequest.ts';

/**
 * Asks a provider about a message that does not exist, or its sending address without a message if it has no
 * look-up. This reaches it as a send does, with our credentials, and can do no harm.
 */
export async function probeMapped(options: {
  readonly mapping: ResolvedMapping;
  readonly timeLimitMs: number;
  readonly settings: ConnectionSettings;
}): Promise<HttpOutcome> {
  const { mapping, timeLimitMs, settings } = options;
  const pool = createGatewayPool({
    url: new URL(mapping.origin),
    settings,
    connections: 1,
    connectTimeoutMs: timeLimitMs,
    keepAliveMs: timeLimitMs,
  });
  const path = probePath(mapping);
  try {
    const headers = await createSigner(mapping, {})({ method: 'GET', path, key: noBill, attempt: 1 });
    return await pool.exchange({ method: 'GET', path, headers, mayStart: () => true, timeLimitMs });
  } finally {
    await pool.destroy();
  }
}

const noBill = '0:NONE:0';

function probePath(mapping: ResolvedMapping): string {
  const [path] = mapping.lookup?.paths ?? [];
  if (path === undefined) return sendsOf(mapping)[0]?.send.path ?? '/';
  const now = '2026-01-01 00:00:00';
  const values: Readonly<Record<string, string>> = {
    key: noBill,
    billId: '0',
    koreaNow: now,
    koreaWeekAgo: now,
  };
  return compileText(path, encodeURIComponent)((field) => values[field] ?? '0');
}
