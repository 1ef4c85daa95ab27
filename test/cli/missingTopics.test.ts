import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { withAdmin } from '../../src/kafka/kafkaAdmin.ts';
import { createKafka } from '../../src/kafka/kafkaClient.ts';
import { silentLog } from '../support/capturedLog.ts';
import { runBillcast } from '../support/commandLine.ts';
import { emptyTables, insertNotification } from '../support/notifications.ts';
import { testKafkaBrokers } from '../support/testKafka.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

const typo = `bil.email-${randomUUID()}`;
function environment() {
  return {
    DATABASE_URL: db.url,
    KAFKA_BROKERS: testKafkaBrokers(),
    TOPIC_EMAIL: typo,
    TOPIC_SMS: `${typo}-sms`,
    TOPIC_DLT: `${typo}-dlt`,
  };
}

function billcast(...args: string[]) {
  return runBillcast(args, environment());
}

async function topicsThere(): Promise<string[]> {
  const kafka = createKafka({ brokers: testKafkaBrokers().split(','), clientId: 'test', log: silentLog });
  const names = await withAdmin({ kafka }, 'no topics', (admin) => admin.listTopics());
  return names.filter((name) => name.startsWith(typo));
}

describe('if a topic does not exist', () => {
  it('status counts, names it and says what to do; no command that reads makes it', async () => {
    await insertNotification(db.database, { sendStatus: 'PENDING' });
    const status = await billcast('status', '--json');
    assert.equal(status.code, 0, status.err);
    const { pending, lag } = JSON.parse(status.out);
    assert.deepEqual({ pending, lag }, { pending: 1, lag: 0 });
    assert.match(status.err, new RegExp(`There is no topic ${typo}, ${typo}-sms: check TOPIC_`));
    assert.equal((await billcast('verify', '--json')).code, 0);
    await billcast('doctor', '--json');
    assert.deepEqual(await topicsThere(), []);
  });

  it('verify calls no bill lost whose event may lie in another topic', async () => {
    await insertNotification(db.database, {
      sendStatus: 'PENDING',
      publishStatus: 'PUBLISHED',
      changedMsAgo: 600_000,
    });
    const { code, out, err } = await billcast('verify', '--json');
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(
      err,
      /1 bill waits for events that cannot be found\. There is no topic .*start a dispatcher/,
    );
  });
});
