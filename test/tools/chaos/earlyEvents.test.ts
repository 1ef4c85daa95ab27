import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addSampleBills } from '../../../src/operations/addSampleBills.ts';
import { ask, askValue } from '../../support/ask.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';
import { readTopic } from '../../support/testTopics.ts';

const bills = 60;

describe('events that come before the transaction of their rows commits', () => {
  let system: TestSystem;
  before(async () => {
    system = await createTestSystem({
      SIMULATED_REFUSAL_RATE: '0',
      EARLY_EVENT_LETTER_MS: '120000',
      EARLY_EVENT_MAX_MS: '120000',
    });
  });
  after(() => system.destroy());

  it('send each bill once, when it has', async () => {
    const { database, config, kafka } = system;
    await addSampleBills(system, { members: bills, seed: 4 });
    await ask(database, 'update member set do_not_disturb_start = null');
    const rows = await ask<[string, string]>(
      database,
      'delete from bill_notification returning bill_id::text, member_id::text',
    );
    const dispatcher = await system.startDispatcher();
    await database.withConnection(async (connection) => {
      await connection.run('begin');
      await connection.run(
        'insert into bill_notification (bill_id, member_id) select * from unnest($1::bigint[], $2::bigint[])',
        [rows.map(([billId]) => billId), rows.map(([, memberId]) => memberId)],
      );
      const producer = kafka.producer();
      await producer.connect();
      const messages = rows.map(([billId, memberId]) => ({
        key: billId,
        value: `{"memberId":${memberId},"billId":${billId}}`,
      }));
      await producer.send({ topic: config.kafka.topics.EMAIL, messages });
      await producer.disconnect();
      await system.until('every event is kept', async () => (await keptEvents(system)) === bills);
      await system.until('the lag is 0', async () => (await system.lag()) === 0);
      await connection.run('commit');
    });
    await system.until('all bills are finished', (states) => states.total === bills && isFinished(states));
    assert.equal((await system.states()).delivered, bills);
    const { lost, duplicated } = await system.verdict();
    assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
    assert.deepEqual(await readTopic(kafka, config.kafka.topics.deadLetter), []);
    assert.equal(await dispatcher.stop(), 0);
  });
});

function keptEvents({ database }: TestSystem): Promise<number> {
  return askValue(database, 'select count(*)::int from early_event');
}
