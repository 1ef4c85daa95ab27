import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rarely } from '../../../src/api/live/rarely.ts';

/** A reading that takes `tookMs` by a clock that only this test moves. */
function slowReading(tookMs: number) {
  let atMs = 0;
  let readings = 0;
  const ask = rarely(
    () => {
      atMs += tookMs;
      readings += 1;
      return Promise.resolve(readings);
    },
    () => atMs,
  );
  return { ask, passTo: (toMs: number) => (atMs = toMs) };
}

test('a quick reading is made again after 900 ms', async () => {
  const { ask, passTo } = slowReading(5);
  assert.equal(await ask(), 1);
  passTo(899);
  assert.equal(await ask(), 1);
  passTo(900);
  assert.equal(await ask(), 2);
});

test('a slow reading takes no more than 2 % of the time', async () => {
  const { ask, passTo } = slowReading(60);
  assert.equal(await ask(), 1);
  passTo(2_999);
  assert.equal(await ask(), 1);
  passTo(3_000);
  assert.equal(await ask(), 2);
});

test('nobody waits for a slow reading but the first, and those who ask after a pause', async () => {
  const { ask, passTo } = slowReading(300);
  assert.equal(await ask(), 1);
  passTo(15_000);
  assert.equal(await ask(), 1);
  await Promise.resolve();
  assert.equal(await ask(), 2);
  passTo(15_300 + 15_000 + 10_000);
  assert.equal(await ask(), 3);
});

test('the error of a slow reading is thrown once the last one is too old', async () => {
  let atMs = 0;
  let isDown = false;
  const ask = rarely(
    () => {
      atMs += 300;
      return isDown ? Promise.reject(new Error('no server')) : Promise.resolve('read');
    },
    () => atMs,
  );
  assert.equal(await ask(), 'read');
  isDown = true;
  atMs = 15_000;
  assert.equal(await ask(), 'read');
  atMs = 25_000;
  await assert.rejects(ask(), /no server/);
});

test('all who ask meanwhile get the one reading', async () => {
  const { ask } = slowReading(5);
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1]);
});

test('a reading that failed is made again for the next who asks', async () => {
  let isDown = true;
  const ask = rarely(() => (isDown ? Promise.reject(new Error('no server')) : Promise.resolve('read')));
  await assert.rejects(ask(), /no server/);
  isDown = false;
  assert.equal(await ask(), 'read');
});
