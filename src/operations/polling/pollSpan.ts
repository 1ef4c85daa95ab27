import type { PollPace, PollSpan } from '../../providers/receiptPoll.ts';

/** Where a list stands, and how much of it is asked for at a time. */
export interface PollPlace {
  readonly readUntil: Date;
  readonly now: Date;
  readonly stepMs: number;
}

/**
 * What to ask for next; undefined if nothing new is old enough to be listed. It begins a little before what
 * is read: a repetition is harmless.
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

/** Whether it reaches to what the provider lists by now. */
export function isLatest({ until }: PollSpan, { lagMs, resolutionMs }: PollPace, now: Date): boolean {
  return until.getTime() > now.getTime() - lagMs - 2 * resolutionMs;
}

function floor(ms: number, resolutionMs: number): Date {
  return new Date(Math.floor(ms / resolutionMs) * resolutionMs);
}

/** The longest step, as the provider allows it. */
export function longestStep({ longestMs, overlapMs, resolutionMs }: PollPace): number {
  return Math.max(longestMs - overlapMs - resolutionMs, shortestStep(resolutionMs));
}

/** A shorter step would not get on. */
export function shortestStep(resolutionMs: number): number {
  return Math.max(2 * resolutionMs, 2_000);
}

/** An answer without proof leaves the last hour to be read again. */
const unprovenMs = 3_600_000;

/** How far the list is read after its provider has said, without proof, that a span is empty. */
export function readAfterEmpty({ until }: PollSpan, now: Date): Date {
  return new Date(Math.min(until.getTime(), now.getTime() - unprovenMs));
}

/** How far it is read after a whole span; a provider's clock behind ours has not reached all of it. */
export function readAfterSpan({ until }: PollSpan, { lagMs }: PollPace, providerNow: Date | undefined): Date {
  return providerNow === undefined
    ? until
    : new Date(Math.min(until.getTime(), providerNow.getTime() - lagMs));
}
