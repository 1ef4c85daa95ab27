import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { perChannel } from '../../src/channels.ts';
import type { LookupAnswer } from '../../src/providers/provider.ts';
import { createSweeper, type Sweeper } from '../../src/sweeper/sweeper.ts';
import { ask, askValue } from '../support/ask.ts';
import { captureLog, silentLog } from '../support/capturedLog.ts';
import { eventually } from '../support/eventually.ts';
import {
  emptyTables,
  insertBatch,
  insertDispatcher,
  insertNotification,
  standingOf,
} from '../support/notifications.ts';
import { createTestDatabase } from '../support/testDatabase.ts';
import { createFakeProvider, onlyProviders } from '../support/testProviders.ts';
import { sweepDepsOf } from '../support/testSweep.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

/** Counts sweeps over several sweepers: who sweeps, how many at once, and a promise of the next one. */
function createSweepBook() {
  const swept: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  let waiting: { by: string | undefined; found: () => void }[] = [];
  return {
    swept,
    mostAtOnce: () => mostAtOnce,
    async sweeping(by: string, during: () => Promise<void> = async () => undefined): Promise<void> {
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      swept.push(by);
      const found = waiting.filter((one) => one.by === undefined || one.by === by);
      waiting = waiting.filter((one) => !found.includes(one));
      for (const one of found) one.found();
      await during();
      atOnce--;
    },
    next: (by?: string) => new Promise<void>((found) => waiting.push({ by, found })),
  };
}

function createNamed(
  name: string,
  book: ReturnType<typeof createSweepBook>,
  { database = db.database, during = () => Promise.resolve(), intervalMs = 1_000 } = {},
): Sweeper {
  return createSweeper(
    {
      database,
      log: silentLog,
      sweep: sweepDepsOf(db.database, {
        hasConsumed: async (channel) => {
          if (channel === 'EMAIL') await book.sweeping(name, during);
          return true;
        },
      }),
    },
    { intervalMs },
  );
}

/** Resolves when a sweep that was asked for has waited for longer than the sweepers' polling takes. */
async function untilSweepWaits(): Promise<void> {
  for (let waits = 0; waits === 0; ) {
    waits = await askValue(
      db.database,
      `select count(*)::int from pgboss.job
       where name = 'billcast-sweep' and state = 'created' and created_on < now() - interval '1200 ms'`,
    );
  }
}

/** The killed one has another database, so that nobody else waits until its turn ends. */
describe('sweepers', { concurrency: 2 }, () => {
  describe('of one database', { concurrency: 1 }, () => {
    it('sweep as soon as the turn is theirs, not when they look next', { timeout: 30_000 }, async () => {
      const book = createSweepBook();
      const sweeper = createNamed('a', book, { intervalMs: 60_000 });
      try {
        const swept = book.next();
        await sweeper.start();
        await swept;
      } finally {
        await sweeper.stop();
      }
    });

    it('sweep one at a time, however long it takes', async () => {
      const book = createSweepBook();
      const sweepers = ['a', 'b'].map((name) => createNamed(name, book, { during: untilSweepWaits }));
      try {
        await Promise.all(sweepers.map((sweeper) => sweeper.start()));
        for (let sweep = 0; sweep < 2; sweep++) await book.next();
        assert.equal(book.mostAtOnce(), 1);
      } finally {
        await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
      }
    });

    it('go on when one of them is stopped', async () => {
      const book = createSweepBook();
      const [first, second] = [createNamed('first', book), createNamed('second', book)];
      try {
        await Promise.all([first.start(), second.start()]);
        await first.stop();
        const sweptByFirst = book.swept.filter((by) => by === 'first').length;
        await book.next('second');
        await book.next('second');
        assert.equal(book.swept.filter((by) => by === 'first').length, sweptByFirst);
      } finally {
        await Promise.all([first.stop(), second.stop()]);
      }
    });
  });

  it('go on after one was killed in the middle of its sweep', async () => {
    const killed = await createTestDatabase();
    const child = spawn(
      process.execPath,
      [new URL('./sweeperProcess.ts', import.meta.url).pathname, killed.url],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const book = createSweepBook();
    const survivor = createNamed('survivor', book, { database: killed.database });
    try {
      await once(child.stdout, 'data');
      await survivor.start();
      const next = book.next();
      child.kill('SIGKILL');
      await next;
      assert.deepEqual(book.swept, ['survivor']);
    } finally {
      child.kill('SIGKILL');
      await survivor.stop();
      await killed.drop();
    }
  });
});

describe('a gateway that hangs', () => {
  it('does not stop the sweep of dead dispatchers, however many bills are in doubt', async () => {
    await emptyTables(db.database);
    await ask(
      db.database,
      `insert into bill_notification
         (bill_id, member_id, send_status, publish_status, claim_token, handed_off_at, in_doubt_at)
       select id, 7, 'IN_DOUBT', 'PUBLISHED', gen_random_uuid(), now(), now()
       from generate_series(1000001, 1002500) id`,
    );
    const hang = Promise.withResolvers<LookupAnswer>();
    const asked = Promise.withResolvers<void>();
    const lookup = (): Promise<LookupAnswer> => {
      asked.resolve();
      return hang.promise;
    };
    const email = createFakeProvider({ lookup, lookupsAtOnce: 32 });
    const sweeper = createSweeper(
      {
        database: db.database,
        log: silentLog,
        sweep: sweepDepsOf(db.database, {
          providers: onlyProviders({ ...perChannel(() => createFakeProvider()), EMAIL: email }),
        }),
      },
      { intervalMs: 1_000 },
    );
    try {
      await sweeper.start();
      await asked.promise;
      const claim = await insertNotification(db.database, { sendStatus: 'SENDING' });
      const owner = await insertDispatcher(db.database, { silentMs: 10_100 });
      await insertBatch(db.database, { token: claim.token, owner, billIds: [claim.billId] });
      await eventually(async () => {
        const { sendStatus } = await standingOf(db.database, claim.billId);
        return sendStatus === 'PENDING';
      });
      assert.equal(email.lookedUp.length, 32, 'none of the look-ups has ended');
    } finally {
      hang.resolve('cannotTell');
      await sweeper.stop();
    }
    assert.equal(email.lookedUp.length, 32, 'no further one begins once it is stopped');
  });
});

describe('a sweeper', () => {
  it('waits for the current sweep when it is stopped, also twice', async () => {
    const book = createSweepBook();
    let finish = (): void => undefined;
    let finished = false;
    const sweeper = createSweeper(
      {
        database: db.database,
        log: silentLog,
        sweep: sweepDepsOf(db.database, {
          hasConsumed: async (channel) => {
            if (channel === 'EMAIL') {
              await book.sweeping('a', () => new Promise<void>((resolve) => (finish = resolve)));
            }
            finished = true;
            return true;
          },
        }),
      },
      { intervalMs: 1_000 },
    );
    const begun = book.next();
    await sweeper.start();
    await begun;
    const stopped = Promise.all([sweeper.stop(), sweeper.stop()]);
    finish();
    await stopped;
    assert.equal(finished, true);
  });

  it('says so when a sweep fails', async () => {
    const captured = captureLog();
    const book = createSweepBook();
    const sweeper = createSweeper(
      {
        database: db.database,
        log: captured.log,
        sweep: sweepDepsOf(db.database, {
          hasConsumed: async () => {
            await book.sweeping('a');
            throw new Error('Kafka is away');
          },
        }),
      },
      { intervalMs: 1_000 },
    );
    const begun = book.next();
    await sweeper.start();
    await begun;
    await sweeper.stop();
    assert.ok(captured.warnings().length > 0);
  });
});
