import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MoveTally } from '../../../src/db/counts/moveTally.ts';
import type { Database } from '../../../src/db/database.ts';
import type { Statement } from '../../../src/db/statement.ts';
import { billIdOf, newDispatcherId } from '../../support/notifications.ts';
import { noDatabase } from '../../support/testApi.ts';

it('what moves while the windows are read again is not lost', async () => {
  const tally = new MoveTally(newDispatcherId());
  let [moved, written, goesOn] = [0, 0, true];
  const move = () => {
    moved++;
    tally.add('delivered', billIdOf(150));
  };
  const query = async (statement: Statement, values: readonly unknown[] = []): Promise<unknown[]> => {
    await Promise.resolve();
    if (goesOn && moved > 0) move();
    if (statement.name !== 'write-moves') return moved === 0 ? [['1'], ['101']] : [['1'], ['101'], ['201']];
    for (const [bills] of String(values[3]).matchAll(/\d+/g)) written += Number(bills);
    return [];
  };
  const database = { ...noDatabase, query } as Database;
  await tally.readWindows(database);
  move();
  await tally.readWindows(database);
  goesOn = false;
  await tally.flush(database);
  assert.equal(written, moved);
});

it('a failed write is repeated as it was, also if nothing has moved since', async () => {
  const tally = new MoveTally(newDispatcherId());
  const writes: (readonly unknown[])[] = [];
  let isAway = true;
  const query = async (statement: Statement, values: readonly unknown[] = []): Promise<unknown[]> => {
    if (statement.name !== 'write-moves') return [['1']];
    writes.push(values);
    if (isAway) throw new Error('server is away');
    return [];
  };
  const database = { ...noDatabase, query } as Database;
  await tally.readWindows(database);
  tally.add('delivered', billIdOf(1), 3);
  await assert.rejects(tally.flush(database));
  await assert.rejects(tally.flush(database));
  isAway = false;
  await tally.flush(database);
  assert.deepEqual(writes, Array(3).fill(writes[0]));
  await tally.flush(database);
  assert.equal(writes.length, 3);
  tally.add('delivered', billIdOf(1), 4);
  await tally.flush(database);
  assert.deepEqual(
    writes.slice(2).map(([, seq, firstIds, delivered]) => [seq, firstIds, delivered]),
    [
      [1, '{1}', '{3}'],
      [2, '{1}', '{4}'],
    ],
  );
});
