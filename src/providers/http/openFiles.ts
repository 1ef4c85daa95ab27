import { readFileSync } from 'node:fs';
import type { ProviderOptions } from '../providerKind.ts';

/** Open files that are left for everything but connections to gateways: servers, logs, ledgers. */
const reserved = 512;

/** `HTTP_CONCURRENCY`, or fewer if this process may not open as many files; then the log says so. */
export function withinOpenFiles(
  wanted: number,
  { connectedRoutes, log }: Pick<ProviderOptions, 'connectedRoutes' | 'log'>,
): number {
  const openFiles = readOpenFileLimit();
  const concurrency = affordableConnections(wanted, connectedRoutes, openFiles);
  if (concurrency < wanted) {
    log.warn(
      { openFiles, wanted, concurrency },
      'HTTP_CONCURRENCY is lowered, this process may not open as many files: raise ulimit -n or LimitNOFILE',
    );
  }
  return concurrency;
}

/** How many files and connections this process may have open; undefined if the system does not say. */
export function readOpenFileLimit(): number | undefined {
  try {
    const [, limit] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/**
 * How many of the connections that the setting allows each route can have. Node has raised the soft limit of
 * open files to the hard one.
 */
export function affordableConnections(wanted: number, routes: number, limit: number | undefined): number {
  if (limit === undefined) return wanted;
  return Math.max(1, Math.min(wanted, Math.floor((limit - reserved) / routes)));
}
