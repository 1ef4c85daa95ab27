import type { Config } from '../config/loadConfig.ts';
import type { MoveTally } from '../db/counts/moveTally.ts';
import type { CaretakerMeter } from '../metrics/caretakerMeter.ts';
import { createSweepDeps } from '../sweeper/sweepDeps.ts';
import { createSweeper, type Sweeper } from '../sweeper/sweeper.ts';
import type { DispatcherParts } from './dispatcherParts.ts';

interface SweeperParts
  extends Pick<DispatcherParts, 'connections' | 'providers' | 'log' | 'throttledLog' | 'heartbeat'> {
  readonly config: Config;
  readonly caretaker: CaretakerMeter;
  readonly tally: MoveTally;
}

/** This process's sweeper, which works when it is its turn. */
export function createOwnSweeper({ config, caretaker, ...parts }: SweeperParts): Sweeper {
  const { connections, providers, tally, log, throttledLog, heartbeat } = parts;
  const { control: database, kafka, name } = connections;
  const deps = createSweepDeps({
    config,
    database,
    tally,
    kafka,
    providers,
    log,
    throttledLog,
    actor: `sweeper ${name}`,
    mayJudge: heartbeat.mayJudge,
  });
  return createSweeper(
    {
      database,
      log,
      sweep: deps,
      onSwept: (report) => caretaker.swept(report),
      onLookedUp: (report) => caretaker.lookedUp(report),
      onReceipts: (report) => caretaker.receiptsApplied(report),
    },
    { intervalMs: config.sweep.intervalMs },
  );
}
