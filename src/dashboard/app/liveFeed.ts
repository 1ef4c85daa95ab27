import { computed, signal } from '@preact/signals';
import type { Live } from '../../api/contract/streamContract.ts';
import { applyPatch } from './applyPatch.ts';
import { keepSample, type Sample } from './samples.ts';

/**
 * `lost`: the numbers on the page are old, and the page says so. `paused`: the page is hidden, or the reader
 * stopped it.
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'paused';

export const live = signal<Live | null>(null);
export const connection = signal<Connection>('connecting');
export const isHeld = signal(false);
export const samples = signal<readonly Sample[]>([]);
/** The reader's clock, updated each second, for everything that shows its age. */
const now = signal(Date.now());
/** How far the server's clock is ahead of the reader's. */
const clockOffset = signal(0);
export const serverNow = computed(() => now.value + clockOffset.value);

const againMs = 2_000;
let source: EventSource | undefined;
let again: ReturnType<typeof setTimeout> | undefined;

/** Opens the one stream of this page. A hidden page closes it: a browser has few connections per host. */
export function startFeed(): void {
  setInterval(() => {
    now.value = Date.now();
  }, 1_000);
  document.addEventListener('visibilitychange', followVisibility);
  followVisibility();
}

/** Stops the updates, or lets them run again. */
export function holdFeed(held: boolean): void {
  isHeld.value = held;
  followVisibility();
}

function followVisibility(): void {
  if (document.hidden || isHeld.value) close();
  else open();
}

function close(): void {
  clearTimeout(again);
  source?.close();
  source = undefined;
  connection.value = 'paused';
}

function open(): void {
  if (source !== undefined) return;
  if (connection.value !== 'lost') connection.value = 'connecting';
  const opened = new EventSource('/api/v1/stream');
  source = opened;
  opened.addEventListener('snapshot', ({ data }) => take(JSON.parse(data)));
  opened.addEventListener('delta', ({ data }) => take(applyPatch(live.value, JSON.parse(data)) as Live));
  opened.addEventListener('error', () => {
    connection.value = 'lost';
    // After an answer that is not a stream, the browser does not try again.
    if (opened.readyState !== EventSource.CLOSED) return;
    source = undefined;
    again = setTimeout(followVisibility, againMs);
  });
}

function take(read: Live): void {
  connection.value = 'open';
  now.value = Date.now();
  // The network can only make a reading look older, so the one that looks freshest is the most exact.
  const offset = new Date(read.readAt).getTime() - now.value;
  clockOffset.value = live.value === null ? offset : Math.max(clockOffset.value, offset);
  live.value = read;
  samples.value = keepSample(samples.value, read);
}
