import { keepRehearsal } from '../../db/runs/rehearsals.ts';
import type { OperationDeps } from '../operationDeps.ts';
import type { RehearsalTally } from './rehearsalTally.ts';

const keepEveryMs = 3_000;
/** A process that works on a rehearsal writes its progress more often than this. */
export const silentMs = 30_000;

/**
 * Stores how far a rehearsal is, so that every process can tell.
 * @param run the run's number
 * @returns a function that ends it: nothing is stored after it has resolved. It may be called twice
 */
export function keepProgress(
  { database, log }: Pick<OperationDeps, 'database' | 'log'>,
  run: number,
  tally: RehearsalTally,
): () => Promise<void> {
  let kept = keep();
  const timer = setInterval(() => {
    kept = kept.then(keep);
  }, keepEveryMs);
  return () => {
    clearInterval(timer);
    return kept;
  };

  async function keep(): Promise<void> {
    await keepRehearsal(database, run, { ended: null, why: null, ...tally.counts }).catch((err: unknown) =>
      log.warn({ err, run }, 'the progress of a rehearsal cannot be kept'),
    );
  }
}
