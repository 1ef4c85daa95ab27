import type { Trial } from './trial.ts';

/** How many bills may be claimed now, and whether that is one bill, as a trial. */
export interface Admission {
  readonly count: number;
  readonly trial?: Trial | undefined;
}

/** What is noted when a send begins. Its answer is counted accordingly. */
export interface SendStart {
  /** Changes each time the brake stops the channel: answers to sends of an earlier era no longer count. */
  readonly era: number;
  readonly startedMs: number;
  readonly trial?: Trial | undefined;
}

/** The state of the channel when an answer comes. What the answer means for its bill depends on it. */
export interface AnswerContext {
  readonly isBraked: boolean;
  /** Other bills were accepted in the last minute, so a refusal of our settings is about this bill alone. */
  readonly othersPass: boolean;
}
