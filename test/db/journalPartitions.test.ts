import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { newClaimToken, tokenFloor } from '../../src/db/claimTokens.ts';
import {
  addJournalPartitions,
  dropJournalPartition,
  listJournalPartitions,
  wantedPartitions,
} from '../../src/db/journalPartitions.ts';
import { ask } from '../support/ask.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();

function insert(billId: number, token: string) {
  return ask(
    db.database,
    `insert into delivery_attempt (bill_id, claim_token, outcome, cycle, channel, applied, actor, started_at, finished_at)
     values ($1, $2, 'ACCEPTED', 1, 'EMAIL', true, 'test', now(), now())`,
    [billId, token],
  );
}

async function placeOf(billId: number): Promise<string> {
  const [[table] = []] = await ask<[string]>(
    db.database,
    'select tableoid::regclass::text from delivery_attempt where bill_id = $1',
    [billId],
  );
  return table ?? 'nowhere';
}

function namesOf() {
  return db.database.withConnection(async (connection) =>
    (await listJournalPartitions(connection)).map(({ name }) => name),
  );
}

const nowName = wantedPartitions(new Date())[0]?.name ?? assert.fail();

describe('a claim token', () => {
  it('is a UUIDv7 of now, above the floor of its millisecond', () => {
    const before = tokenFloor(new Date());
    const token = newClaimToken();
    const after = tokenFloor(new Date(Date.now() + 1));
    assert.match(token, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(before <= token && token < after);
  });
});

describe('the journal', () => {
  before(() => db.database.withConnection((connection) => addJournalPartitions(connection)));

  it('has this quarter and the five after it, over the end of the year too', async () => {
    assert.equal((await namesOf()).length, 6);
    const names = wantedPartitions(new Date('2026-11-28T00:00:00Z')).map(({ name }) => name.slice(17));
    assert.deepEqual(names, ['2026_q4', '2027_q1', '2027_q2', '2027_q3', '2027_q4', '2028_q1']);
  });

  it('keeps an attempt in the quarter of its claim, and one of before in the default partition', async () => {
    await insert(1, newClaimToken());
    await insert(2, randomUUID().replace(/^..../, 'ffff'));
    assert.equal(await placeOf(1), nowName);
    assert.equal(await placeOf(2), 'delivery_attempt_default');
  });

  it('still refuses the same answer of one attempt twice', async () => {
    const token = newClaimToken();
    await insert(3, token);
    await assert.rejects(insert(3, token), { code: '23505' });
  });

  it('takes what went past its last quarter into a new one', async () => {
    const later = new Date(Date.UTC(2040, 1, 3));
    await insert(4, tokenFloor(later));
    assert.equal(await placeOf(4), 'delivery_attempt_default');
    const added = await db.database.withConnection((connection) => addJournalPartitions(connection, later));
    assert.equal(added.length, 6);
    assert.equal(await placeOf(4), 'delivery_attempt_2040_q1');
  });

  it('waits a second for its lock and no longer', async () => {
    await db.database.withConnection(async (reader) => {
      await reader.run('begin');
      await reader.run('select count(*) from delivery_attempt');
      await assert.rejects(
        db.database.withConnection((connection) =>
          addJournalPartitions(connection, new Date(Date.UTC(2050, 0))),
        ),
        { code: '55P03' },
      );
      await reader.run('rollback');
    });
    assert.equal(
      (await namesOf()).some((name) => name.includes('2050')),
      false,
    );
  });

  it('is deleted by whole quarters', async () => {
    const [oldest] = await db.database.withConnection(listJournalPartitions);
    assert.equal(oldest?.name, nowName);
    await db.database.withConnection((connection) => dropJournalPartition(connection, oldest));
    assert.equal(await placeOf(1), 'nowhere');
    assert.equal(await placeOf(2), 'delivery_attempt_default');
  });
});
