import type { Channel } from '../../src/channels.ts';
import type { Database } from '../../src/db/database.ts';
import { countBillStates, type StateCounts } from '../../src/db/reads/stateCounts.ts';
import { sleep } from '../../src/lib/sleep.ts';
import { selectOpenClaims } from './chaosRows.ts';
import { beginRecovery, observeRecovery, type Recovery } from './recovery.ts';
import type { InjectionKind } from './schedule.ts';

/** One fault that was injected. */
export interface Injection {
  readonly kind: InjectionKind;
  /** What it hit, for the report. */
  readonly what: string;
  /** From the injection to the recovery; undefined until then. */
  recoveredAfterMs: number | undefined;
  /** The fault is undone: from now on billcast must recover without help. */
  undone(): void;
}

/** The faults of a run, and how billcast recovers from them as seen in the rows. */
export interface InjectionHistory {
  record(kind: InjectionKind, what: string): Injection;
  injections(): readonly Injection[];
  /** The latest counts; undefined before the first look. */
  states(): StateCounts | undefined;
  /** Ends after the current look; rejects with the error that ended the looks. */
  stop(): Promise<void>;
}

const lookEveryMs = 200;

export function createInjectionHistory(options: {
  readonly database: Database;
  readonly finalDoubts: ReadonlySet<Channel>;
  readonly onLook: (states: StateCounts) => void;
  readonly onRecovered: (injection: Injection) => void;
}): InjectionHistory {
  const { database, finalDoubts, onLook, onRecovered } = options;
  const stopping = new AbortController();
  const entries: Entry[] = [];
  let openClaims: ReadonlySet<string> = new Set();
  let states: StateCounts | undefined;

  const look = async (): Promise<void> => {
    openClaims = new Set(await selectOpenClaims(database, finalDoubts));
    states = await countBillStates(database, 'EMAIL');
    const isIdle = states.pending - states.held - states.waiting + states.sending === 0;
    for (const entry of entries) {
      if (observe(entry, { openClaims, isIdle })) onRecovered(entry.injection);
    }
    onLook(states);
  };
  const looking = untilStopped(look, stopping.signal);
  // stop() reports it.
  looking.catch(() => undefined);

  return {
    record(kind, what) {
      const entry = createEntry(kind, what, openClaims);
      entries.push(entry);
      return entry.injection;
    },
    injections: () => entries.map(({ injection }) => injection),
    states: () => states,
    async stop() {
      stopping.abort();
      await looking;
    },
  };
}

async function untilStopped(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await sleep(lookEveryMs, signal);
  }
}

interface Entry {
  readonly injection: Injection;
  readonly injectedAtMs: number;
  recovery: Recovery;
  isUndone: boolean;
}

function createEntry(kind: InjectionKind, what: string, openClaims: ReadonlySet<string>): Entry {
  const entry: Entry = {
    injection: {
      kind,
      what,
      recoveredAfterMs: undefined,
      undone() {
        entry.isUndone = true;
      },
    },
    injectedAtMs: performance.now(),
    recovery: beginRecovery(openClaims),
    isUndone: false,
  };
  return entry;
}

/** @returns whether this look is the first to see the recovery */
function observe(entry: Entry, look: Parameters<typeof observeRecovery>[2]): boolean {
  const wasComplete = entry.recovery.isComplete;
  entry.recovery = observeRecovery(entry.recovery, entry.isUndone, look);
  if (wasComplete || !entry.recovery.isComplete) return false;
  entry.injection.recoveredAfterMs = Math.round(performance.now() - entry.injectedAtMs);
  return true;
}
