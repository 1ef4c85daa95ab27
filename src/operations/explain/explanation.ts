import type { Control } from '../../db/control.ts';
import type { BillFacts, BillHistory } from '../../db/reads/billHistory.ts';
import type { BrakeStates } from '../../db/reads/brakeStates.ts';
import type { Ladder } from '../../ladder.ts';
import type { Overlap } from '../runs/overlaps.ts';

/** What happened to one bill and what comes next, in sentences for people. */
export interface Explanation {
  /** The bill's state, and the reason. */
  readonly standing: readonly string[];
  readonly next: Next;
  /** Oldest first. */
  readonly history: readonly HistoryLine[];
}

export interface HistoryLine {
  readonly at: Date;
  readonly text: string;
}

/** What happens next, who does it, and when; `at` is null if the time is not known. */
export interface Next {
  readonly step:
    | 'NOTHING'
    | 'RELEASE'
    | 'RESUME'
    | 'START_DISPATCHER'
    | 'WAIT'
    | 'PUBLISH'
    | 'CLAIM'
    | 'HAND_OFF'
    | 'ANSWER'
    | 'TAKE_BACK'
    | 'DOUBT'
    | 'LOOKUP'
    | 'DEAD_LETTER'
    | 'NEXT_CYCLE'
    | 'RETRY';
  readonly by: 'nobody' | 'person' | 'dispatcher' | 'provider' | 'relay' | 'sweeper';
  readonly at: Date | null;
  readonly text: string;
}

/** What the explanation depends on besides the bill. Durations are in milliseconds. */
export interface Surroundings {
  readonly ladder: Ladder;
  readonly control: Control;
  readonly brakes: BrakeStates;
  readonly timeZone: string;
  readonly claimTtlMs: number;
  readonly batchMaxAgeMs: number;
  readonly orphanAfterMs: number;
  readonly earlyEventMaxMs: number;
  readonly maxCycles: number;
  /** For a bill in doubt: whether its provider is still in the settings, and has a look-up. Default: true. */
  readonly canBeAsked?: boolean;
  /** Whether only approved runs release bills. */
  readonly fourEyes?: boolean;
  /** For a held bill: the runs that may release it. */
  readonly runs?: readonly Pick<Overlap, 'run' | 'state'>[];
}

/** Everything that an explanation uses. */
export type View = BillHistory & Surroundings & { readonly time: (at: Date) => string };

/** The same for a bill that is known. */
export type ExplainedBill = View & { readonly bill: BillFacts };

/** A bill's state and its next step, regardless of pause, brakes and dispatchers. */
export type Stand = Pick<Explanation, 'standing' | 'next'>;

/** The next step of a bill with which nothing more happens. */
export function nothing(text: string): Next {
  return { step: 'NOTHING', by: 'nobody', at: null, text };
}
