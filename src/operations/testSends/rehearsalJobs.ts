import { keepRehearsal } from '../../db/runs/rehearsals.ts';
import { pauseRunRow } from '../../db/runs/runChanges.ts';
import type { Run } from '../../db/runs/runRows.ts';
import { BillcastError } from '../../errors.ts';
import { createLimit } from '../../lib/limit.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { readRehearsal } from './readRehearsal.ts';
import { RehearsalTally } from './rehearsalTally.ts';
import { beginRehearsal, carryOn, type RehearseRequest } from './rehearse.ts';
import type { TestSending } from './testSending.ts';

type JobDeps = Pick<OperationDeps, 'config' | 'database' | 'log'>;
type JobRequest = Pick<RehearseRequest, 'id' | 'actor' | 'limit'>;

/** Carries out rehearsals in this process beside its other work, one at a time. */
export interface RehearsalJobs {
  /**
   * Begins a rehearsal, or continues one. Nothing happens if this process is already working on it.
   * @throws BillcastError as `rehearse`; RUN_MOVED_ON if another process is working on it
   */
  begin(request: JobRequest): Promise<void>;
  /** Pauses the running rehearsal after the page that is being sent. May be called twice. */
  stop(): Promise<void>;
}

/** One at a time, because each starts its own render threads. */
const atOnce = 1;

const nothingYet = { ended: null, why: null, ...new RehearsalTally().counts };

/** @param withSending opens what messages are sent with, and closes it afterwards */
export function createRehearsalJobs(
  deps: JobDeps,
  withSending: (work: (sending: TestSending) => Promise<unknown>) => Promise<unknown>,
): RehearsalJobs {
  const stopping = new AbortController();
  const limit = createLimit(atOnce);
  const running = new Map<string, Promise<void>>();
  return {
    async begin(request) {
      const { id } = request;
      const isOurs = running.has(id);
      if (!isOurs) await refuseIfOthersWork(deps, id);
      const run = await beginRehearsal(deps, request);
      // Its state before `beginRehearsal`. If a person has just paused it, the running part is about to end,
      // so a new one must follow.
      if (isOurs && run.state === 'RUNNING') return;
      // Shown until threads and providers have started, which takes seconds.
      await keepRehearsal(deps.database, run.number, nothingYet);
      const job = { ...request, run, signal: stopping.signal };
      const ended = limit(() =>
        withSending((sending) => carryOn({ ...deps, ...sending, config: deps.config }, job)),
      )
        .then(() => undefined)
        .catch((error: unknown) => keepFault(deps, job, error))
        .finally(() => {
          if (running.get(id) === ended) running.delete(id);
        });
      running.set(id, ended);
    },
    async stop() {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}

async function refuseIfOthersWork({ database }: JobDeps, id: string): Promise<void> {
  const { isWorking } = await readRehearsal({ database }, id);
  if (!isWorking) return;
  throw new BillcastError(
    'RUN_MOVED_ON',
    `another process rehearses run ${id} now: pause it first, or try again in half a minute if that process died`,
  );
}

async function keepFault(
  { database, log }: JobDeps,
  { run, actor }: { readonly run: Run; readonly actor: string },
  error: unknown,
): Promise<void> {
  log.warn({ err: error, run: run.id }, 'rehearsal failed');
  const detail = error instanceof BillcastError ? error.message : 'it failed: the log of the api says why';
  const seen = { number: run.number, seenHash: run.planHash, actor };
  await pauseRunRow(database, seen, { code: 'INTERRUPTED', detail }).catch((err: unknown) =>
    log.warn({ err, run: run.id }, 'the end of a rehearsal cannot be kept'),
  );
}
