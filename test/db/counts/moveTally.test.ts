import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MoveTally } from '../../../src/db/counts/moveTally.ts';
import type { Database, Statement } from '../../../src/db/database.ts';
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
