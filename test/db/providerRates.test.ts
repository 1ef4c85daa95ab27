import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { reserveSends } from '../../src/db/providerRates.ts';
import { readProviderSlots, writeProviderSlots } from '../../src/db/providerSlots.ts';
import { readWarmupToday, reserveMails } from '../../src/db/warmupDays.ts';
import { createSlotLease } from '../../src/dispatcher/slotLeases.ts';
import { createThrottledLog } from '../../src/log/throttledLog.ts';
import { ask, askValue } from '../support/ask.ts';
import { silentLog } from '../support/capturedLog.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => ask(db.database, 'delete from provider_rate'));

function reserve(count: number, facts: { name?: string; leadMs?: number } = {}) {
  return reserveSends(db.database, { name: 'ses', count, stepMs: 2, leadMs: 20, ...facts });
}

describe('sends of a rate', () => {
  it('are reserved one after the other, by whoever asks, and begin no sooner than is wanted', async () => {
    const first = await reserve(40);
    assert.ok(first);
    assert.ok(Math.abs(first.firstMs - first.nowMs - 20) < 5);
    const others = await Promise.all(Array.from({ length: 4 }, () => reserve(20)));
    const begins = others.map((one) => Math.round((one?.firstMs ?? 0) - first.firstMs)).sort((a, b) => a - b);
    assert.deepEqual(begins, [80, 120, 160, 200]);
  });

  it('are reserved for the near future only', async () => {
    await reserve(300);
    assert.equal(await reserve(1), undefined);
    assert.notEqual(await reserve(1, { name: 'EMAIL/ses' }), undefined, 'another rate');
  });

  it('are not missed by a clock that was set back', async () => {
    await reserve(1);
    await ask(db.database, `update provider_rate set next_at = next_at + interval '1 hour'`);
    const again = await reserve(1);
    assert.ok(again && again.firstMs - again.nowMs < 100);
  });

  it('keep one row per rate', async () => {
    await reserve(1);
    await reserve(1);
    assert.equal(await askValue(db.database, 'select count(*)::int from provider_rate'), 1);
  });
});

describe('mails of a warm-up plan', () => {
  const timeZone = 'Asia/Seoul';
  const sender = 'bill.test';
  const from = '2026-01-01';

  it('are reserved all or none, and up to the number of the day if several ask at the same time', async () => {
    const name = { sender, receiver: undefined };
    const asks = Array.from({ length: 8 }, () =>
      reserveMails(db.database, { ...name, limits: [{ from, perDay: 50 }], timeZone, count: 9 }),
    );
    const granted = (await Promise.all(asks)).filter(({ isGranted }) => isGranted);
    assert.equal(granted.length, 5);
    const rest = { ...name, limits: [{ from, perDay: 50 }], timeZone };
    const tooMany = await reserveMails(db.database, { ...rest, count: 6 });
    assert.deepEqual({ ...tooMany, day: '', leftMs: 0 }, { day: '', isGranted: false, left: 5, leftMs: 0 });
    assert.ok(tooMany.leftMs > 0 && tooMany.leftMs <= 24 * 60 * 60_000);
    assert.equal((await reserveMails(db.database, { ...rest, count: 5 })).left, 0);
    const { day, reserved } = await readWarmupToday(db.database, { sender, timeZone });
    assert.equal(day, tooMany.day);
    assert.deepEqual(reserved, [{ ...name, reserved: 50 }]);
  });

  it('are those of the latest limit that has begun, and none before the first one', async () => {
    const asked = (receiver: string, limits: readonly { from: string; perDay: number }[]) =>
      reserveMails(db.database, { sender, receiver, limits, timeZone, count: 3 });
    const future = { from: '2999-01-01', perDay: 100 };
    const begun = [{ from, perDay: 2 }, { from: '2026-01-02', perDay: 4 }, future];
    assert.equal((await asked('a.test', begun)).left, 1);
    assert.equal((await asked('b.test', [future])).isGranted, false);
    const open = await asked('c.test', [{ from, perDay: Number.POSITIVE_INFINITY }]);
    assert.deepEqual([open.isGranted, open.left], [true, Number.POSITIVE_INFINITY]);
    const rows = await ask(db.database, 'select receiver, planned::int from warmup_day where receiver > $1', [
      '',
    ]);
    assert.deepEqual(rows.toSorted(), [
      ['a.test', 4],
      ['c.test', null],
    ]);
  });
});

describe('open sends of a provider', () => {
  const settings = { providerConcurrency: { ses: 10 }, startDeadlineMs: 20_000, sendTimeoutMs: 30_000 };

  /** A process that needs more sends than there are. Resolves when its request has been answered. */
  async function startLease(id: string) {
    const deps = { database: db.database, throttledLog: createThrottledLog(silentLog), id };
    const lease = createSlotLease(deps, settings, { route: 'EMAIL', name: 'ses' });
    assert.ok(lease);
    await new Promise<void>((resolve) => {
      lease.serve(
        () => ({ taken: 0, waiting: 100 }),
        () => resolve(),
      );
      lease.need();
    });
    return lease;
  }

  it('are shared by processes through one row, and free again when one stops', async () => {
    const first = await startLease('one');
    assert.equal(first.granted, 10);
    const second = await startLease('two');
    assert.deepEqual([first.granted, second.granted], [5, 5]);
    await second.stop();
    assert.equal(
      await askValue(db.database, `select (holders -> 'two/EMAIL') is null from provider_slot`),
      true,
    );
    await first.stop();
    assert.equal(await askValue(db.database, 'select holders::text from provider_slot'), '{}');
  });

  it('of a dead process stay taken until its last send must be over', async () => {
    const lease = await startLease('one');
    const leftMs = await askValue<number>(
      db.database,
      `select (holders -> 'one/EMAIL' ->> 'untilMs')::float8
         - extract(epoch from clock_timestamp())::float8 * 1000 from provider_slot`,
    );
    await lease.stop();
    assert.ok(leftMs > 50_000, String(leftMs));
  });

  it('are not written if another process has written since they were read', async () => {
    const holders = { one: { want: 1, slots: 1, untilMs: 1 } };
    const { version } = await readProviderSlots(db.database, 'http');
    assert.equal(await writeProviderSlots(db.database, 'http', { version, holders }), true);
    assert.equal(await writeProviderSlots(db.database, 'http', { version, holders: {} }), false);
    assert.deepEqual((await readProviderSlots(db.database, 'http')).holders, holders);
  });

  it('are not limited without the setting', () => {
    const deps = { database: db.database, throttledLog: createThrottledLog(silentLog), id: 'one' };
    const none = { ...settings, providerConcurrency: {} };
    assert.equal(createSlotLease(deps, none, { route: 'EMAIL', name: 'ses' }), undefined);
  });
});
