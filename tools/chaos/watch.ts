import type { Database } from '../../src/db/database.ts';
import { countBillStates, type StateCounts } from '../../src/db/reads/statusFacts.ts';
import { sleep } from '../../src/lib/sleep.ts';
import { selectOpenClaims } from './chaosRows.ts';
import type { InjectionKind } from './schedule.ts';

/*
 * Watches the rows during a run. A fault has recovered when it is over (the server is up again, the process runs
 * again), every claim that was open when it struck is closed, and bills are claimed anew, or none is left to claim.
 */

/** One fault that struck. */
export interface Blow {
  readonly kind: InjectionKind;
  readonly what: string;
  /** From its beginning to the recovery; undefined until then. */
  recoveredAfterMs: number | undefined;
  /** What it did is undone: from now on billcast is on its own. */
  over(): void;
}

export interface Watch {
  strike(kind: InjectionKind, what: string): Blow;
  blows(): readonly Blow[];
  states(): StateCounts | undefined;
  /** Ends after the look under way; rejects with what broke a look. */
  stop(): Promise<void>;
}

const lookEveryMs = 200;

export function createWatch(options: {
  database: Database;
  doubtIsFinal: boolean;
  onLook: (states: StateCounts) => void;
  onRecovered: (blow: Blow) => void;
}): Watch {
  const { database, doubtIsFinal, onLook, onRecovered } = options;
  const stopping = new AbortController();
  const wounds: Wound[] = [];
  let open: ReadonlySet<string> = new Set();
  let states: StateCounts | undefined;

  const look = async (): Promise<void> => {
    open = new Set(await selectOpenClaims(database, doubtIsFinal));
    states = await countBillStates(database);
    const idle = states.pending - states.held - states.waiting + states.sending === 0;
    for (const wound of wounds) if (heals(wound, open, idle)) onRecovered(wound.blow);
    onLook(states);
  };
  const watching = untilStopped(look, stopping.signal);
  // Told by stop().
  watching.catch(() => undefined);

  return {
    strike(kind, what) {
      const wound = createWound(kind, what, open);
      wounds.push(wound);
      return wound.blow;
    },
    blows: () => wounds.map(({ blow }) => blow),
    states: () => states,
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

async function untilStopped(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await sleep(lookEveryMs, signal);
  }
}

interface Wound {
  readonly blow: Blow;
  readonly struckAt: number;
  /** Claims that were open when it struck, and are still. */
  held: ReadonlySet<string>;
  /** Claims that were open when it was over; undefined before. */
  old: ReadonlySet<string> | undefined;
  isOver: boolean;
}

function createWound(kind: InjectionKind, what: string, open: ReadonlySet<string>): Wound {
  const wound: Wound = {
    blow: {
      kind,
      what,
      recoveredAfterMs: undefined,
      over() {
        wound.isOver = true;
      },
    },
    struckAt: performance.now(),
    held: open,
    old: undefined,
    isOver: false,
  };
  return wound;
}

/** Takes one look into account; true when this is the look that sees the recovery. */
function heals(wound: Wound, open: ReadonlySet<string>, idle: boolean): boolean {
  const { blow, old } = wound;
  if (blow.recoveredAfterMs !== undefined) return false;
  wound.held = wound.held.intersection(open);
  if (!wound.isOver) return false;
  wound.old ??= open;
  const goesOn = idle || (old !== undefined && open.difference(old).size > 0);
  if (wound.held.size > 0 || !goesOn) return false;
  blow.recoveredAfterMs = Math.round(performance.now() - wound.struckAt);
  return true;
}
