import type { Channel } from '../channels.ts';
import type { SendWindow } from './plan.ts';
import { weekDays } from './planRequest.ts';

/** The windows in which a run may release, and the channels for which they must be open. */
export interface SendTimes {
  readonly windows: readonly SendWindow[];
  /** All channels that a bill may go through. */
  readonly channels: readonly Channel[];
}

/** Whether bills may be released, and until when that holds. */
export interface WindowState {
  readonly isOpen: boolean;
  /** Unix ms; null: it never changes. */
  readonly untilMs: number | null;
}

/**
 * Pure. A bill may turn to its next channel seconds after its release. So bills are released only while every
 * channel is open: it is in one of its windows, or it has none. A window without a channel is for all
 * channels.
 */
export function windowStateAt(times: SendTimes, atMs: number): WindowState {
  const isOpen = isOpenAt(times, atMs);
  let edgeMs = atMs;
  for (let edges = 0; edges < mostEdges && times.windows.length > 0; edges++) {
    edgeMs = Math.min(...times.windows.map((window) => nextEdge(window, edgeMs)));
    if (isOpenAt(times, edgeMs) !== isOpen) return { isOpen, untilMs: edgeMs };
  }
  return { isOpen, untilMs: null };
}

/** Windows have fewer edges than this in nine days. What has not changed by then never does. */
const mostEdges = 200;
/** Windows change less often than this while a run lives. */
const mostChanges = 1_000;

/**
 * Pure: the moment at which the windows will have been open for `openMs` in total.
 * @returns Unix ms; null if they never will
 */
export function afterOpenMs(times: SendTimes, fromMs: number, openMs: number): number | null {
  let [atMs, leftMs] = [fromMs, openMs];
  for (let changes = 0; changes < mostChanges; changes++) {
    const { isOpen, untilMs } = windowStateAt(times, atMs);
    if (isOpen && (untilMs === null || untilMs - atMs >= leftMs)) return atMs + leftMs;
    if (untilMs === null) return null;
    if (isOpen) leftMs -= untilMs - atMs;
    atMs = untilMs;
  }
  return null;
}

/** Pure: for how long the windows are open between two moments. */
export function openMsBetween(times: SendTimes, fromMs: number, toMs: number): number {
  let [atMs, openMs] = [fromMs, 0];
  while (atMs < toMs) {
    const { isOpen, untilMs } = windowStateAt(times, atMs);
    const endMs = Math.min(untilMs ?? toMs, toMs);
    if (isOpen) openMs += endMs - atMs;
    atMs = endMs;
  }
  return openMs;
}

function isOpenAt({ windows, channels }: SendTimes, atMs: number): boolean {
  return channels.every((channel) => {
    const own = windows.filter((window) => window.channel === undefined || window.channel === channel);
    return own.length === 0 || own.some((window) => isWithin(window, atMs));
  });
}

const dayMs = 86_400_000;
const dayNames: readonly string[] = weekDays;

/** A window that crosses midnight belongs to the day on which it begins. */
function isWithin(window: SendWindow, atMs: number): boolean {
  const { day, msOfDay } = localTime(atMs, window.timeZone);
  const [from, to] = [msOfClock(window.from), msOfClock(window.to)];
  if (from < to) return msOfDay >= from && msOfDay < to && isDay(window, day);
  return (msOfDay >= from && isDay(window, day)) || (msOfDay < to && isDay(window, (day + 6) % 7));
}

function isDay({ days }: SendWindow, day: number): boolean {
  return days.some((name) => dayNames.indexOf(name) === day);
}

/** When the window next begins or ends, on whatever day. */
function nextEdge({ from, to, timeZone }: SendWindow, afterMs: number): number {
  return Math.min(...[from, to].map((clock) => nextTimeOfDay(msOfClock(clock) % dayMs, timeZone, afterMs)));
}

/**
 * When it is next this time of day. A day on which the clocks change is longer or shorter, so the local time
 * at the guess corrects the guess.
 */
function nextTimeOfDay(msOfDay: number, timeZone: string, afterMs: number): number {
  const ahead = msOfDay - localTime(afterMs, timeZone).msOfDay;
  const guess = afterMs + (ahead > 0 ? ahead : ahead + dayMs);
  const off = localTime(guess, timeZone).msOfDay - msOfDay;
  // For 00:00, 23:00 is an hour early, not 23 hours late.
  const late = off - Math.round(off / dayMs) * dayMs;
  const corrected = guess - late;
  return corrected > afterMs ? corrected : corrected + dayMs;
}

/** `09:00` */
function msOfClock(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** One formatter per time zone: to make one takes longer than to use it a thousand times. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows there; Monday is 0. */
function localTime(atMs: number, timeZone: string): { readonly day: number; readonly msOfDay: number } {
  const formatter = formatters.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, ...clockParts });
  formatters.set(timeZone, formatter);
  const parts = Object.fromEntries(formatter.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const [hours, minutes, seconds] = [Number(parts.hour), Number(parts.minute), Number(parts.second)];
  const day = dayNames.indexOf(parts.weekday?.toLowerCase() ?? '');
  return {
    day,
    msOfDay: ((hours * 60 + minutes) * 60 + seconds) * 1_000 + (((atMs % 1_000) + 1_000) % 1_000),
  };
}

const clockParts = {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
} as const;
