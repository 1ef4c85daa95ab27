import type { PollPace, PollSpan } from '../../providers/receiptPoll.ts';

/** How far a list is read, and how long a span is asked for at a time. */
export interface PollPlace {
  readonly readUntil: Date;
  readonly now: Date;
  readonly stepMs: number;
}

/**
 * The next span to ask for; undefined if nothing new is old enough to be listed. It begins a little before
 * the end of the last one: reading receipts again is harmless.
 */
export function nextSpan(pace: PollPace, { readUntil, now, stepMs }: PollPlace): PollSpan | undefined {
  const { resolutionMs, lagMs, overlapMs } = pace;
  const until = Math.min(now.getTime() - lagMs, readUntil.getTime() + stepMs);
  const span = {
    from: floor(readUntil.getTime() - overlapMs, resolutionMs),
    until: floor(until, resolutionMs),
  };
  return span.until > readUntil ? span : undefined;
}

/** Whether the span reaches as far as the provider lists so far. */
export function isLatest({ until }: PollSpan, { lagMs, resolutionMs }: PollPace, now: Date): boolean {
  return until.getTime() > now.getTime() - lagMs - 2 * resolutionMs;
}

function floor(ms: number, resolutionMs: number): Date {
  return new Date(Math.floor(ms / resolutionMs) * resolutionMs);
}

/** The longest step that the provider allows. */
export function longestStep({ longestMs, overlapMs, resolutionMs }: PollPace): number {
  return Math.max(longestMs - overlapMs - resolutionMs, shortestStep(resolutionMs));
}

/** With a shorter step the list would not advance. */
export function shortestStep(resolutionMs: number): number {
  return Math.max(2 * resolutionMs, 2_000);
}

/** After an answer without proof, the last hour is read again. */
const unprovenMs = 3_600_000;

/** How far the list counts as read after its provider has said, without proof, that a span is empty. */
export function readAfterEmpty({ until }: PollSpan, now: Date): Date {
  return new Date(Math.min(until.getTime(), now.getTime() - unprovenMs));
}

/**
 * How far the list counts as read after a whole span. If the provider's clock is behind ours, it has not
 * reached the end of the span.
 */
export function readAfterSpan({ until }: PollSpan, { lagMs }: PollPace, providerNow: Date | undefined): Date {
  return providerNow === undefined
    ? until
    : new Date(Math.min(until.getTime(), providerNow.getTime() - lagMs));
}
