import type { Control } from '../../db/control.ts';
import type { BillFacts, BillHistory } from '../../db/reads/billHistory.ts';
import type { BrakeStates } from '../../db/reads/brakeStates.ts';

/** What one bill's fate comes to, in sentences for the person who was asked about it. */
export interface Explanation {
  /** Where it stands, and why. */
  readonly standing: readonly string[];
  readonly next: Next;
  /** Oldest first. */
  readonly history: readonly HistoryLine[];
}

export interface HistoryLine {
  readonly at: Date;
  readonly text: string;
}

/** What happens next, who does it, and when; `at` is null where no time can be named. */
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

/** What the explanation depends on beside the bill. Durations in milliseconds. */
export interface Surroundings {
  readonly control: Control;
  readonly brakes: BrakeStates;
  readonly timeZone: string;
  readonly claimTtlMs: number;
  readonly batchMaxAgeMs: number;
  readonly orphanAfterMs: number;
  readonly earlyEventMaxMs: number;
  readonly maxCycles: number;
}

/** All that an explanation looks at. */
export type View = BillHistory & Surroundings & { readonly time: (at: Date) => string };

/** The same of a bill that is known. */
export type ExplainedBill = View & { readonly bill: BillFacts };

/** Where a bill stands and what comes next, before the switches and the dispatchers are looked at. */
export type Stand = Pick<Explanation, 'standing' | 'next'>;

/** What comes next where nothing does. */
export function nothing(text: string): Next {
  return { step: 'NOTHING', by: 'nobody', at: null, text };
}
