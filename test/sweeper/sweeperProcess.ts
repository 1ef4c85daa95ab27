import { createDatabase } from '../../src/db/database.ts';
import { createSweeper } from '../../src/sweeper/sweeper.ts';
import { silentLog } from '../support/capturedLog.ts';
import { sweepDepsOf } from '../support/testSweep.ts';

/** A sweeper in a separate process that prints when it sweeps, and never ends its sweep: to be killed. */
const [databaseUrl = ''] = process.argv.slice(2);
const database = createDatabase({ url: databaseUrl, poolSize: 4, log: silentLog, patienceMs: 5_000 });
const sweeper = createSweeper(
  {
    database,
    log: silentLog,
    sweep: sweepDepsOf(database, {
      hasConsumed: () => {
        process.stdout.write('sweeping\n');
        return new Promise(() => undefined);
      },
    }),
  },
  { intervalMs: 1_000 },
);
await sweeper.start();
