import type { Outcome, OutcomeCounts } from './outcome.ts';

/** Why a brake is on. `pace` is none of these: it slows a channel down and does not stop it. */
export type BrakeKind = 'unreachable' | 'unknown' | 'settings' | 'refusals' | 'smsTurns';

export interface BrakeLimits {
  /** The share of bills in trouble that is still ordinary, 0 to 1. */
  readonly trouble: number;
  /** `FALLBACK_STOP_RATE`: the share of refusals that is still ordinary, 0 to 1. */
  readonly refusals: number;
  /** `SMS_TURN_STOP_RATE`, or what a person expects of the month: the share of bills that may turn to SMS. */
  readonly smsTurns: number;
}

/** The limit for bills in trouble. It is no setting, because these brakes are released automatically. */
export const troubleLimit = 0.2;
const fewestOutcomes = 20;
const fewestTurns = 50;
/** This many bad ones in a row are no accident. */
const badInARow = 20;

/**
 * Judges outcomes over a time: the brake that they call for, if any. A share counts as above its limit only
 * if chance alone does not explain it: by `sigmas` standard deviations, and by three if the brake would wait
 * for a person.
 */
export function judgeCounts(
  counts: OutcomeCounts,
  limits: BrakeLimits,
  { sigmas = 0, unanswered = 0 }: Doubts = {},
): BrakeKind | undefined {
  const { accepted, refused, turned } = counts;
  const bad = troublesIn(counts);
  const isAbove = (part: number, whole: number, limit: Limit): boolean =>
    isAboveLimit(part, whole + benefitOfDoubt(unanswered), limit);
  const careful = Math.max(sigmas, sigmasForPerson);
  const answers = accepted + refused + bad;
  if (answers >= fewestOutcomes && isAbove(bad, answers, { limit: limits.trouble, sigmas })) {
    return commonestTrouble(counts);
  }
  const judged = accepted + refused;
  if (judged >= fewestOutcomes && isAbove(refused, judged, { limit: limits.refusals, sigmas: careful })) {
    return 'refusals';
  }
  const decided = judged + turned;
  const turns = refused + turned;
  if (decided >= fewestTurns && isAbove(turns, decided, { limit: limits.smsTurns, sigmas: careful })) {
    return 'smsTurns';
  }
  return undefined;
}

const sigmasForPerson = 3;

/**
 * How many of the messages that a channel accepted may come back and go on by the next channel. Bounces come
 * hours later, so they are compared with all that was accepted while they could come, not with one minute.
 */
export function mostReturns(accepted: number, limit: number): number {
  if (limit >= 1) return Number.POSITIVE_INFINITY;
  const most = accepted * limit + sigmasForPerson * Math.sqrt(accepted * limit * (1 - limit));
  return Math.max(fewestTurns - 1, Math.floor(most));
}

/** What may make bad outcomes look more frequent than they really are. */
export interface Doubts {
  readonly sigmas?: number;
  /** Sends without an answer yet. */
  readonly unanswered?: number;
}

/**
 * Refusals come at once, and acceptances take a second. So sends without an answer count as good, unless
 * there are too many bad ones to wait (75, if nothing is accepted).
 */
function benefitOfDoubt(unanswered: number): number {
  return Math.min(unanswered, mostBelieved);
}
const mostBelieved = 300;

interface Limit {
  readonly limit: number;
  readonly sigmas: number;
}

function isAboveLimit(part: number, whole: number, { limit, sigmas }: Limit): boolean {
  return part > whole * limit + sigmas * Math.sqrt(whole * limit * (1 - limit));
}

/**
 * Judges the outcomes since the last acceptance. `turned` is not among them: members without an address come
 * in groups.
 */
export function judgeStreak(
  streak: OutcomeCounts,
  limits: BrakeLimits,
  { unanswered = 0 }: Doubts = {},
): BrakeKind | undefined {
  const refused = countsAsBad('refused', limits) ? streak.refused : 0;
  const troubles = limits.trouble < 1 ? troublesIn(streak) : 0;
  const bad = refused + troubles;
  if (bad < badInARow || bad <= troubleLimit * (bad + benefitOfDoubt(unanswered))) return undefined;
  return refused > troubles ? 'refusals' : commonestTrouble(streak);
}

/** Pure. If every share of refusals is ordinary, a refusal counts as a good answer. */
export function countsAsBad(outcome: Outcome, limits: BrakeLimits): boolean {
  if (outcome === 'refused') return limits.refusals < 1;
  return outcome === 'unknown' || outcome === 'unreachable' || outcome === 'settings';
}

/**
 * Whether a person must look at what was refused before the channel goes on. Other brakes end when the
 * provider accepts a bill again.
 */
export function needsPerson(kind: BrakeKind): boolean {
  return kind === 'refusals' || kind === 'smsTurns';
}

function troublesIn({ unknown, unreachable, settings }: OutcomeCounts): number {
  return unknown + unreachable + settings;
}

function commonestTrouble({ unknown, unreachable, settings }: OutcomeCounts): BrakeKind {
  if (unknown >= unreachable && unknown >= settings) return 'unknown';
  return unreachable >= settings ? 'unreachable' : 'settings';
}
