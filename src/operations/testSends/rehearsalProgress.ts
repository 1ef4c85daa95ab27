import { keepRehearsal } from '../../db/runs/rehearsals.ts';
import type { OperationDeps } from '../operationDeps.ts';
import type { RehearsalTally } from './rehearsalTally.ts';

const keepEveryMs = 3_000;
/** A process that works on a rehearsal writes its progress more often than this. */
export const silentMs = 30_000;

export interface RehearsalProgress {
  /** Stores the end in place of the progress. */
  end(facts: object): Promise<void>;
  /** Stops storing progress. May be called twice. */
  stop(): void;
}

/** Stores how far a rehearsal is, so that every process can tell. @param run the run's number */
export function keepProgress(
  { database, log }: Pick<OperationDeps, 'database' | 'log'>,
  run: number,
  tally: RehearsalTally,
): RehearsalProgress {
  let kept = keep();
  const timer = setInterval(() => {
    kept = kept.then(keep);
  }, keepEveryMs);
  const stop = (): void => clearInterval(timer);
  return {
    async end(facts) {
      stop();
      await kept;
      await keepRehearsal(database, run, facts);
    },
    stop,
  };

  async function keep(): Promise<void> {
    await keepRehearsal(database, run, { ended: null, why: null, ...tally.counts }).catch((err: unknown) =>
      log.warn({ err, run }, 'the progress of a rehearsal cannot be kept'),
    );
  }
}
