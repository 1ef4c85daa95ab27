import { asPercent, inThousands } from './gates.ts';
import { afterOpenMs, openMsBetween, type SendTimes } from './sendWindows.ts';

/** The facts from which the end of a run is forecast. */
export interface RunCourse {
  readonly nowMs: number;
  /** Unix ms; null if there is none. */
  readonly deadlineMs: number | null;
  /** Nothing is released before this time; null: it has begun. */
  readonly notBeforeMs: number | null;
  /** Bills that are not done yet, without those that wait. */
  readonly remaining: number;
  /** Bills that wait for a later time; undefined if nobody has looked. */
  readonly waits: RunWaits | undefined;
  /** How many bills were done per second; null if nobody knows yet. */
  readonly measuredPerSecond: number | null;
  readonly pacePerSecond: number | null;
  readonly times: SendTimes;
  readonly around: RunSurroundings;
}

/** What may keep a run back, besides its plan. */
export interface RunSurroundings {
  /** The run itself is paused. */
  readonly isHeld: boolean;
  readonly isClusterPaused: boolean;
  /** `e-mail: HTTP 402: no credit left`; undefined if no brake is on. */
  readonly brake: string | undefined;
  /** The first channel's rate by `PROVIDER_RATES`; null if it has none. */
  readonly providerPerSecond: number | null;
  /** A provider that answers 429, and how many per second it takes; undefined if none does. */
  readonly slowedBy: string | undefined;
  readonly dispatchers: number;
}

/** Bills that wait for the end of quiet hours or a back-off, or for their next cycle. */
export interface RunWaits {
  readonly bills: number;
  /** Unix ms at which the last of them may go on; null if none waits. */
  readonly untilMs: number | null;
}

/** The counts of a run's bills. */
export interface RunCounts {
  /** How many bills were approved; null if nobody has counted them. */
  readonly approved: number | null;
  readonly released: number;
  /** Bills that are released and not done yet. */
  readonly onTheirWay: number;
  /**
   * At the last look: how many were held, and how many were released by then; undefined if nobody has looked.
   */
  readonly looked: { readonly held: number; readonly released: number } | undefined;
}

/** Pure: how many bills of a run are not done. Bills that another run has released do not count. */
export function remainingOf({ approved, released, onTheirWay, looked }: RunCounts): number {
  const unreleased = Math.max(0, (approved ?? 0) - released);
  const held = looked === undefined ? unreleased : Math.max(0, looked.held - (released - looked.released));
  return Math.min(unreleased, held) + onTheirWay;
}

export type DeadlineVerdict =
  | { readonly kind: 'none' }
  /** Nothing was measured yet, or the windows never open. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'inTime' }
  | { readonly kind: 'inDanger'; readonly help: readonly string[] }
  | { readonly kind: 'over'; readonly help: readonly string[] };

export interface ExpectedEnd {
  /** Unix ms; null if nobody can know. */
  readonly endMs: number | null;
  readonly deadline: DeadlineVerdict;
}

/** Pure: when the run will end if it goes on like this, and what would help if that is too late. */
export function expectEnd(course: RunCourse): ExpectedEnd {
  const endMs = endOf(course);
  return { endMs, deadline: verdictOf(course, endMs) };
}

function verdictOf(course: RunCourse, endMs: number | null): DeadlineVerdict {
  const { deadlineMs, nowMs, remaining, waits } = course;
  if (deadlineMs === null) return { kind: 'none' };
  if (remaining === 0 && waits?.bills === 0) return { kind: 'inTime' };
  if (nowMs > deadlineMs) return { kind: 'over', help: helpOf(course) };
  if (endMs === null) return { kind: 'unknown' };
  return endMs <= deadlineMs ? { kind: 'inTime' } : { kind: 'inDanger', help: helpOf(course) };
}

function endOf(course: RunCourse): number | null {
  const { nowMs, notBeforeMs, remaining, times, waits } = course;
  const perSecond = speedOf(course);
  const fromMs = Math.max(nowMs, notBeforeMs ?? nowMs);
  const waitsUntilMs = Math.max(nowMs, waits?.untilMs ?? nowMs);
  if (remaining === 0) return waits === undefined ? null : waitsUntilMs;
  const endMs = perSecond === null ? null : afterOpenMs(times, fromMs, (remaining * 1_000) / perSecond);
  return endMs === null ? null : Math.max(endMs, waitsUntilMs);
}

/** Until something is measured, the plan's pace is assumed. */
function speedOf({ measuredPerSecond, pacePerSecond }: RunCourse): number | null {
  const perSecond = measuredPerSecond ?? pacePerSecond;
  return perSecond !== null && perSecond > 0 ? perSecond : null;
}

/** If the speed is within a tenth of a limit, that limit slows the run down. */
const near = 0.9;

/** What would help, in order: the first is what to do first. */
function helpOf(course: RunCourse): string[] {
  const { around } = course;
  const stopped = stopsOf(around);
  if (stopped.length > 0) return stopped;
  const waiting = waitsOf(course);
  return course.remaining === 0 ? waiting : [...slowsOf(course), ...needOf(course), ...waiting];
}

function stopsOf({ isHeld, isClusterPaused, brake }: RunSurroundings): string[] {
  return [
    ...(isHeld ? ['the run is paused: `billcast run resume` lets it go on'] : []),
    ...(isClusterPaused ? ['the cluster is paused: `billcast resume` lets it go on'] : []),
    ...(brake === undefined
      ? []
      : [`a brake is on (${brake}): repair the cause, or \`billcast resume --channel\``]),
  ];
}

/** Named only if bills wait beyond the deadline. */
function waitsOf({ waits, deadlineMs }: RunCourse): string[] {
  if (waits?.untilMs == null || deadlineMs === null || waits.untilMs <= deadlineMs) return [];
  return [
    `${inThousands(waits.bills)} bills wait for the end of quiet hours or a back-off, or for their next cycle`,
  ];
}

function slowsOf(course: RunCourse): string[] {
  const { pacePerSecond: pace, around } = course;
  const { providerPerSecond: rate, slowedBy, dispatchers } = around;
  const speed = speedOf(course);
  if (speed === null) return ['nothing goes through: `billcast status` and `billcast doctor` say why'];
  const isAt = (limit: number | null): limit is number => limit !== null && speed >= limit * near;
  const outside = outsideWindows(course, speed);
  const known = [
    ...(outside === undefined ? [] : [outside]),
    ...(isAt(pace) ? [`the run's own pace is the limit, ${perSecondOf(pace)}: raise it`] : []),
    ...(isAt(rate) ? [`PROVIDER_RATES is the limit, ${perSecondOf(rate)}: ask the provider for more`] : []),
    ...(slowedBy === undefined ? [] : [`the provider slows us down (${slowedBy}): ask it for more`]),
  ];
  if (known.length > 0) return known;
  return [
    `no limit is reached with ${dispatchers} dispatcher(s): start more, or look at the provider's answers`,
  ];
}

/** Named if the run would be in time with windows that never close. */
function outsideWindows(
  { times, nowMs, deadlineMs, remaining }: RunCourse,
  speed: number,
): string | undefined {
  if (times.windows.length === 0 || deadlineMs === null || deadlineMs <= nowMs) return undefined;
  if (nowMs + (remaining * 1_000) / speed > deadlineMs) return undefined;
  const closed = 1 - openMsBetween(times, nowMs, deadlineMs) / (deadlineMs - nowMs);
  return `the send windows are closed for ${asPercent(closed)} of the time that is left: widen them`;
}

/** How fast the run would have to be. */
function needOf({ times, nowMs, notBeforeMs, deadlineMs, remaining, ...course }: RunCourse): string[] {
  const fromMs = Math.max(nowMs, notBeforeMs ?? nowMs);
  if (deadlineMs === null || deadlineMs <= fromMs) return [];
  const openMs = openMsBetween(times, fromMs, deadlineMs);
  if (openMs === 0) return ['no send window opens before the deadline'];
  const needed = Math.ceil((remaining * 1_000) / openMs);
  const now =
    course.measuredPerSecond === null ? '' : `, and it makes ${perSecondOf(course.measuredPerSecond)}`;
  return [`${inThousands(remaining)} bills in time need ${perSecondOf(needed)}${now}`];
}

function perSecondOf(rate: number): string {
  return `${inThousands(rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate))} bills per second`;
}
