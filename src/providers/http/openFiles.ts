import { readFileSync } from 'node:fs';
import { channelNames } from '../../channels.ts';
import type { Logger } from '../../log/log.ts';

/** For everything but the connections to gateways: servers, logs, ledgers. */
const reserved = 512;

/** `HTTP_CONCURRENCY`, or what this process can have of it; the log says so. */
export function withinOpenFiles(wanted: number, log: Logger): number {
  const openFiles = readOpenFileLimit();
  const concurrency = affordableConnections(wanted, channelNames.length, openFiles);
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
 * How many connections each channel may have, of those that the setting allows. Node has raised the soft
 * limit to the hard one.
 */
export function affordableConnections(wanted: number, channels: number, limit: number | undefined): number {
  if (limit === undefined) return wanted;
  return Math.max(1, Math.min(wanted, Math.floor((limit - reserved) / channels)));
}
