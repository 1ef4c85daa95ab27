import { v4 as newId } from 'uuid';
import { beginForecast, failForecast, finishForecast, keepForecastProgress } from '../../db/forecasts.ts';
import { BillcastError } from '../../errors.ts';
import { createLimit } from '../../lib/limit.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { type ForecastProgress, type ForecastRequest, forecast } from './forecast.ts';

type JobDeps = Pick<OperationDeps, 'config' | 'database' | 'log'>;

/** Computes forecasts in this process beside its other work, one at a time, and stores the results. */
export interface ForecastJobs {
  /** @returns its id, and a promise of its end, which never rejects */
  begin(
    request: ForecastRequest,
    requestedBy: string,
  ): Promise<{ readonly id: string; readonly ended: Promise<void> }>;
  /** Stops the running computation. May be called twice, and is complete when it resolves. */
  stop(): Promise<void>;
}

/** One at a time, because each starts its own render threads. */
const atOnce = 1;
const keepEveryMs = 1_000;

export function createForecastJobs(deps: JobDeps): ForecastJobs {
  const stopping = new AbortController();
  const limit = createLimit(atOnce);
  const running = new Set<Promise<void>>();
  return {
    async begin(request, requestedBy) {
      const id = newId();
      await beginForecast(deps.database, { id, request, requestedBy });
      const ended = limit(() => run(deps, { id, request, signal: stopping.signal })).finally(() =>
        running.delete(ended),
      );
      running.add(ended);
      return { id, ended };
    },
    async stop() {
      stopping.abort(
        new BillcastError('STOP_INCOMPLETE', 'the api process was stopped: make the forecast again'),
      );
      await Promise.all(running);
    },
  };
}

interface Job {
  readonly id: string;
  readonly request: ForecastRequest;
  readonly signal: AbortSignal;
}

async function run(deps: JobDeps, { id, request, signal }: Job): Promise<void> {
  const { database, log } = deps;
  const keeper = setInterval(() => void keep(), keepEveryMs);
  let progress: ForecastProgress = { done: 0, of: 0 };
  try {
    signal.throwIfAborted();
    const facts = await forecast(deps, request, {
      signal,
      onProgress: (latest) => {
        progress = latest;
      },
    });
    await finishForecast(database, id, facts);
  } catch (error) {
    log.warn({ err: error, forecastId: id }, 'forecast failed');
    const problem = error instanceof BillcastError ? error.message : 'it failed: the log of the api says why';
    await failForecast(database, id, problem).catch((err: unknown) =>
      log.warn({ err, forecastId: id }, 'the end of a forecast cannot be kept'),
    );
  } finally {
    clearInterval(keeper);
  }

  async function keep(): Promise<void> {
    await keepForecastProgress(database, id, progress).catch((err: unknown) =>
      log.warn({ err, forecastId: id }, 'the progress of a forecast cannot be kept'),
    );
  }
}
