import type { Trial } from './trial.ts';

/** How many bills may be claimed now, and whether the one of them is a trial. */
export interface Admission {
  readonly count: number;
  readonly trial?: Trial | undefined;
}

/** What a send begins with. Its answer is counted by that. */
export interface SendStart {
  /** Changes each time the brake stops the channel: answers of an earlier era no longer count. */
  readonly era: number;
  readonly startedMs: number;
  readonly trial?: Trial | undefined;
}

/** The state of the channel when an answer has come, which is part of what the answer means for its bill. */
export interface AnswerContext {
  readonly isBraked: boolean;
  /** Other bills were accepted in the last minute: a refusal of our settings is about this bill alone. */
  readonly othersPass: boolean;
}
