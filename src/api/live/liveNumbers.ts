import { listRecentActions } from '../../db/billActions.ts';
import { clearDatabaseError } from '../../db/clearError.ts';
import { countBills, readClusterState } from '../../operations/liveStatus.ts';
import type { OperationDeps } from '../../operations/operationDeps.ts';
import { actionOf } from '../actionOf.ts';
import type { Live } from '../contract/streamContract.ts';
import { toldOf } from '../told/toldOf.ts';
import type { LagReader } from './lagReader.ts';
import { rarely } from './rarely.ts';
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
/** An action that ended stays in the stream for so long. */
const recentMs = 600_000;

export function createLiveNumbers(
  deps: Pick<OperationDeps, 'config' | 'database'>,
  lag: LagReader,
): LiveNumbers {
  const rates = new Rates();
  const counts = rarely(() => countBills(deps));
  let last: Live | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<Live> | undefined;

  const readNow = async (): Promise<Live> => {
    const [counted, cluster, actions] = await Promise.all([
      counts(),
      readClusterState(deps),
      listRecentActions(deps.database, recentMs),
    ]);
    rates.add(counted);
    const live = {
      status: statusOf({ counted, cluster, lag: lag.current() }),
      rates: rates.current(),
      actions: actions.map((action) => actionOf(action)),
      problem: null,
      problemTold: [],
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
        const problem = clearDatabaseError(error)?.message ?? 'The numbers cannot be read.';
        return { ...last, problem, problemTold: toldOf(problem) };
      }
    },
  };
}
