import { keepRehearsal } from '../../db/runs/rehearsals.ts';
import type { OperationDeps } from '../operationDeps.ts';
import type { RehearsalTally } from './rehearsalTally.ts';

const keepEveryMs = 3_000;
/** Whoever works on a rehearsal says so far more often. */
export const silentMs = 30_000;

export interface RehearsalProgress {
  /** Keeps the end in place of the counts so far. */
  end(facts: object): Promise<void>;
  /** Keeps nothing more. May be called twice. */
  stop(): void;
}

/** Keeps how far a rehearsal is, so that every process can say it. @param run the run's number */
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
