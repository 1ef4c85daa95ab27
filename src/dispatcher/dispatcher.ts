import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { refuseInSafeMode } from '../operations/testSends/refuseInSafeMode.ts';
import type { DispatcherOptions } from './dispatcherParts.ts';
import { abandonParts, startParts, stopParts } from './lifecycle.ts';
import { createParts } from './parts.ts';

/**
 * One dispatcher: the pipeline with its consumer, and this process's relay and sweeper, which work when it is
 * their turn.
 */
export interface Dispatcher {
  /**
   * Resolves when it consumes, or when it is stopped before that. If a server is away, it waits for as long
   * as it takes.
   * @throws BillcastError if waiting cannot help
   */
  start(): Promise<'started' | 'stopped'>;
  /**
   * Stops fetching, finishes what is claimed, settles, commits and closes; complete when it resolves, and it
   * may be called twice. What it never claimed is left to others.
   */
  stop(): Promise<void>;
  /** Bills between decode and settle. */
  inFlight(): number;
}

/**
 * Makes a dispatcher. It asks no server for anything yet.
 * @throws BillcastError as `createParts`, and USAGE in the safe mode
 */
export async function createDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  refuseInSafeMode(options.config, 'A dispatcher');
  boundHeapGrowth();
  const parts = await createParts(options);
  const { connections, pipeline, log } = parts;
  const { ladder } = options.config;
  const stopping = new AbortController();
  let hasStarted = false;
  let stopped: Promise<void> | undefined;
  return {
    async start() {
      try {
        const { signal } = stopping;
        await Promise.race([startParts(parts, options.config, signal), once(signal, 'abort')]);
      } catch (error) {
        stopped ??= abandonParts(parts);
        await stopped;
        if (!stopping.signal.aborted) throw error;
      }
      if (stopping.signal.aborted) return 'stopped';
      hasStarted = true;
      log.info({ dispatcher: connections.name, id: connections.id }, 'dispatcher started');
      return 'started';
    },
    stop() {
      stopping.abort();
      stopped ??= hasStarted ? stopParts(parts) : abandonParts(parts);
      return stopped;
    },
    inFlight: () => ladder.order.reduce((sum, channel) => sum + pipeline.inFlight(channel), 0),
  };
}

/**
 * Collects the main loop's garbage when the heap has grown by a fifth since the last time. V8's default lets
 * the heap of a machine with much memory grow to several times what is in use (336 MB for 75 MB of bills in
 * flight). This costs about 3 us per bill and keeps a dispatcher's memory to what `MAX_IN_FLIGHT` implies.
 */
function boundHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=120');
}
