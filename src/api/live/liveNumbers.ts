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

/** The live numbers of all pages, read once for all viewers. */
export interface LiveNumbers {
  /** At most a second old, except for the counts, which tell their own age. */
  read(): Promise<Live>;
  /** The same; if they cannot be read, the last ones and the problem. */
  readOrLast(): Promise<Live>;
}

/** How old the pause, brakes and dispatchers may be. */
const freshMs = 900;
/** For so long an action that has ended stays in the stream. */
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
