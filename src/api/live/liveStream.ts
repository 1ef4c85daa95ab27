import type { Writable } from 'node:stream';
import type { Logger } from '../../log/log.ts';
import type { Live } from '../contract/streamContract.ts';
import type { LiveNumbers } from './liveNumbers.ts';
import { mergePatchOf } from './mergePatch.ts';

const everyMs = 1_000;
const heartbeatMs = 15_000;
/** How long a browser waits before it connects again. */
const retryMs = 2_000;
/** If a viewer does not read, it is disconnected. It connects again and gets a snapshot. */
const mostUnreadBytes = 1_048_576;

/** One stream of all live numbers for all viewers: read once, written to each. */
export class LiveStream {
  readonly #live: LiveNumbers;
  readonly #log: Logger;
  readonly #viewers = new Set<Writable>();
  #last: Live | undefined;
  #id = 0;
  #timer: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #isReading = false;

  constructor(live: LiveNumbers, log: Logger) {
    this.#live = live;
    this.#log = log;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Sends a snapshot and then changes, until the viewer disconnects. */
  async add(viewer: Writable): Promise<void> {
    viewer.write(`retry: ${retryMs}\n\n`);
    viewer.on('close', () => this.#remove(viewer));
    viewer.on('error', () => this.#remove(viewer));
    this.#last ??= await this.#live.readOrLast();
    if (viewer.destroyed) return;
    viewer.write(this.#event('snapshot', this.#last));
    this.#viewers.add(viewer);
    this.#timer ??= setInterval(() => void this.#tick(), everyMs);
    this.#heartbeat ??= setInterval(() => this.#writeAll(': still here\n\n'), heartbeatMs);
  }

  /** Ends all streams. Can be called twice. */
  stop(): void {
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
    this.#rest();
  }

  #remove(viewer: Writable): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size === 0) this.#rest();
  }

  /** Stops reading while there is no viewer. */
  #rest(): void {
    clearInterval(this.#timer);
    clearInterval(this.#heartbeat);
    this.#timer = undefined;
    this.#heartbeat = undefined;
    this.#last = undefined;
  }

  async #tick(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const now = await this.#live.readOrLast();
      const patch = this.#last === undefined ? undefined : mergePatchOf(this.#last, now);
      if (patch === undefined || this.#viewers.size === 0) return;
      this.#last = now;
      this.#id++;
      this.#writeAll(this.#event('delta', patch));
    } catch (error) {
      this.#log.warn({ err: error }, 'live numbers could not be read');
    } finally {
      this.#isReading = false;
    }
  }

  #event(name: 'snapshot' | 'delta', data: unknown): string {
    return `id: ${this.#id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #writeAll(text: string): void {
    for (const viewer of this.#viewers) {
      if (viewer.writableLength > mostUnreadBytes) viewer.destroy();
      else viewer.write(text);
    }
  }
}
