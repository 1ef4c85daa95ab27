import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { releaseAll } from '../../src/operations/releaseBills.ts';
import { ask, askValue } from '../support/ask.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

describe('a release', () => {
  it('releases every held bill once, in several steps, and none the second time', async () => {
    await ask(
      db.database,
      'insert into bill_notification (bill_id, member_id) select id, 7 from generate_series(1, 10001) id',
    );
    const progress: number[] = [];
    assert.equal(
      await releaseAll(db.database, standardLadder, (released) => progress.push(released)),
      10_001,
    );
    assert.deepEqual(progress, [5_000, 10_000, 10_001]);
    const owed = () =>
      askValue<number>(
        db.database,
        `select count(*)::int from bill_notification where publish_status = 'PENDING' and publish_seq = 1`,
      );
    assert.equal(await owed(), 10_001);
    assert.equal(await releaseAll(db.database, standardLadder), 0);
    assert.equal(await owed(), 10_001);
  });

  it('of a month without bills releases nothing', async () => {
    await ask(db.database, 'insert into bill_notification (bill_id, member_id) values (20000, 7)');
    assert.equal(await releaseAll(db.database, { order: standardLadder.order, month: '1999-01-01' }), 0);
  });
});
