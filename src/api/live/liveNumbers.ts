import { clearDatabaseError } from '../../db/clearError.ts';
import { type CountFacts, countBills, readClusterState } from '../../operations/liveStatus.ts';
import type { OperationDeps } from '../../operations/operationDeps.ts';
import type { Live } from '../contract/streamContract.ts';
import type { LagReader } from './lagReader.ts';
import { Rates } from './rates.ts';
import { statusOf } from './statusOf.ts';

/** The numbers of all pages and of all viewers, read once for all of them. */
export interface LiveNumbers {
  /** Not older than a second, but for the counts, which say their own age. */
  read(): Promise<Live>;
  /** The same; if it cannot be read, the last one with its problem. */
  readOrLast(): Promise<Live>;
}

/** Switches and dispatchers: as fresh as people look. */
const freshMs = 900;
/** A count may take this share of the time between two of them. */
const countShare = 0.1;

export function createLiveNumbers(
  deps: Pick<OperationDeps, 'config' | 'database'>,
  lag: LagReader,
): LiveNumbers {
  const rates = new Rates();
  const counts = onceFor(() => countBills(deps));
  let last: Live | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<Live> | undefined;

  const readNow = async (): Promise<Live> => {
    const counted = await counts();
    rates.add(counted);
    const cluster = await readClusterState(deps);
    const live = {
      status: statusOf({ counted, cluster, lag: lag.current() }),
      rates: rates.current(),
      actions: [],
      problem: null,
      readAt: new Date().toISOString(),
    };
    readAtMs = performance.now();
    last = live;
    return live;
  };
  const read = (): Promise<Live> => {
    if (last !== undefined && performance.now() - readAtMs < freshMs) return Promise.resolve(last);
    reading ??= readNow().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  return {
    read,
    async readOrLast() {
      try {
        return await read();
      } catch (error) {
        if (last === undefined) throw error;
        return { ...last, problem: clearDatabaseError(error)?.message ?? 'The numbers cannot be read.' };
      }
    },
  };
}

/** Repeats a count only so often that it takes a tenth of the time: it may be a scan of all bills. */
function onceFor(count: () => Promise<CountFacts>): () => Promise<CountFacts> {
  let counted: CountFacts | undefined;
  let againAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const beganMs = performance.now();
    if (counted !== undefined && beganMs < againAtMs) return counted;
    counted = await count();
    const tookMs = performance.now() - beganMs;
    againAtMs = beganMs + Math.max(freshMs, tookMs / countShare);
    return counted;
  };
}
