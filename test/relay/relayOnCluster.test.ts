import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BillTopics, perChannel } from '../../src/channels.ts';
import { keepPoison } from '../../src/db/transitions/poisonRecords.ts';
import { withAdmin } from '../../src/kafka/kafkaAdmin.ts';
import { createPublisher, type Publisher } from '../../src/kafka/publisher.ts';
import { createRelay, type Relay } from '../../src/relay/relay.ts';
import { ask, askValue } from '../support/ask.ts';
import { captureLog } from '../support/capturedLog.ts';
import { eventually } from '../support/eventually.ts';
import { emptyTables, newDispatcherId } from '../support/notifications.ts';
import { OwnCluster } from '../support/ownCluster.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { readTopic } from '../support/testTopics.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
let cluster: OwnCluster;
before(async () => {
  cluster = await OwnCluster.start();
});
after(() => cluster.remove());
beforeEach(() => emptyTables(db.database));

function createTopic(
  topic: string,
  options: { partitions: number; replicas: number; minInSync: number },
): Promise<void> {
  return withAdmin({ kafka: cluster.client() }, 'The topic could not be made.', async (admin) => {
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: options.partitions,
          replicationFactor: options.replicas,
          configEntries: [{ name: 'min.insync.replicas', value: String(options.minInSync) }],
        },
      ],
    });
  });
}

function startRelay(t: TestContext, topics: BillTopics) {
  const captured = captureLog();
  const publisher: Publisher = createPublisher(cluster.client());
  const relay: Relay = createRelay({
    database: db.database,
    publisher,
    topics,
    channels: standardLadder.order,
    owner: newDispatcherId(),
    leaseMs: 10_000,
    log: captured.log,
  });
  t.after(() => relay.stop());
  relay.start();
  return { relay, ...captured };
}

function countOwed() {
  return askValue<number>(
    db.database,
    `select (select count(*) from bill_notification where publish_status = 'PENDING')::int
          + (select count(*) from poison_record where published_at is null)::int`,
  );
}
async function idsOf(where: string): Promise<string[]> {
  return (
    await ask(
      db.database,
      `select bill_id from bill_notification where publish_status = 'PUBLISHED' and ${where} order by ` +
        'bill_id',
    )
  ).map(([id]) => String(id));
}

/**
 * Owes events, SMS turns, dead letters and the letters of bad records, all the time; returns how to end it.
 */
function keepOwing() {
  let isOver = false;
  let next = 1;
  const run = async (): Promise<void> => {
    while (!isOver) {
      await ask(
        db.database,
        `insert into bill_notification
           (bill_id, member_id, publish_status, channel, send_status, reason, not_before)
         select id, 7, 'PENDING', case when id % 5 = 0 then 'SMS' else 'EMAIL' end,
                case when id % 7 = 0 then 'FAILED' else 'PENDING' end, 'SMS_REFUSED', now()
         from generate_series(${next}, ${next + 199}) id`,
      );
      await keepPoison(db.database, [
        {
          topic: 'source',
          partition: 0,
          offset: String(next),
          timestampMs: next,
          reason: 'EVENT_NOT_JSON',
          key: Buffer.from(`bad-${next}`),
          value: Buffer.from('{'),
        },
      ]);
      next += 200;
      await sleep(100);
    }
  };
  const running = run();
  return async () => {
    isOver = true;
    await running;
    return next - 1;
  };
}

describe('a cluster of three brokers', () => {
  it('has every record whose row says PUBLISHED, however often leaders are killed', async (t) => {
    const topics = { ...perChannel((channel) => channel.toLowerCase()), deadLetter: 'dead' };
    for (const topic of Object.values(topics)) {
      await createTopic(topic, { partitions: 8, replicas: 3, minInSync: 2 });
    }
    const { relay } = startRelay(t, topics);
    const stopOwing = keepOwing();
    for (let kill = 0; kill < 2; kill++) {
      await sleep(1_000);
      const broker = await cluster.leader(topics.EMAIL, kill % 8);
      await cluster.kill(broker);
      await sleep(2_000);
      await cluster.start(broker);
      await cluster.whole(topics.EMAIL);
    }
    const bills = await stopOwing();
    await eventually(async () => (await countOwed()) === 0, 120_000);
    await relay.stop();
    await assertComplete(topics, bills);
  });

  const assertComplete = async (topics: BillTopics, bills: number): Promise<void> => {
    const kafka = cluster.client();
    const keysOf = async (topic: string) => (await readTopic(kafka, topic)).map(({ key }) => String(key));
    const [email, sms, letters] = [
      await keysOf(topics.EMAIL),
      await keysOf(topics.SMS),
      await keysOf(topics.deadLetter),
    ];
    const missing = (wanted: readonly string[], found: readonly string[]) => {
      const there = new Set(found);
      return wanted.filter((key) => !there.has(key));
    };
    assert.deepEqual(missing(await idsOf(`send_status = 'PENDING' and channel = 'EMAIL'`), email), []);
    assert.deepEqual(missing(await idsOf(`send_status = 'PENDING' and channel = 'SMS'`), sms), []);
    assert.deepEqual(missing(await idsOf(`send_status = 'FAILED'`), letters), []);
    const bad = (await ask(db.database, 'select "offset" from poison_record')).map(
      ([offset]) => `bad-${offset}`,
    );
    assert.deepEqual(missing(bad, letters), []);
    const repeated = email.length + sms.length + letters.length - bills - bad.length;
    assert.ok(repeated >= 0 && repeated < bills / 2, `${repeated} of ${bills} came twice`);
  };

  it('delays only records of partitions without leader or enough replicas, until they have', async (t) => {
    const topics = {
      ...perChannel((channel) => channel),
      EMAIL: 'e-single',
      SMS: 's-strict',
      deadLetter: 'd-strict',
    };
    await createTopic(topics.EMAIL, { partitions: 6, replicas: 1, minInSync: 1 });
    await createTopic(topics.SMS, { partitions: 2, replicas: 3, minInSync: 3 });
    await createTopic(topics.deadLetter, { partitions: 2, replicas: 3, minInSync: 2 });
    const broker = await cluster.leader(topics.EMAIL, 0);
    const { relay, lines } = startRelay(t, topics);
    await cluster.kill(broker);
    await ask(
      db.database,
      `insert into bill_notification (bill_id, member_id, publish_status, channel, send_status, reason)
       select id, 7, 'PENDING', case when id % 3 = 0 then 'SMS' else 'EMAIL' end,
              case when id % 3 = 1 then 'FAILED' else 'PENDING' end, 'SMS_REFUSED'
       from generate_series(1, 3000) id`,
    );
    const count = (where: string) =>
      askValue<number>(
        db.database,
        `select count(*)::int from bill_notification where publish_status = 'PUBLISHED' and ${where}`,
      );
    await eventually(async () => (await count(`send_status = 'FAILED'`)) === 1_000, 60_000);
    await eventually(
      async () => (await count(`channel = 'EMAIL' and send_status = 'PENDING'`)) > 500,
      60_000,
    );
    const led = await count(`channel = 'EMAIL' and send_status = 'PENDING'`);
    assert.ok(led < 1_000, `a third of the events waits for its leader: ${led} are out`);
    assert.equal(await count(`channel = 'SMS'`), 0);
    const blocked = () => lines.filter(({ msg }) => msg.startsWith('topic cannot be written'));
    await eventually(
      async () =>
        blocked().some(({ topic, error }) => topic === topics.SMS && error === 'NOT_ENOUGH_REPLICAS'),
      60_000,
    );
    await eventually(
      async () =>
        blocked().some(({ topic, error }) => topic === topics.EMAIL && error === 'LEADER_NOT_AVAILABLE'),
      60_000,
    );
    await cluster.start(broker);
    await eventually(async () => (await countOwed()) === 0, 120_000);
    await relay.stop();
    assert.ok(lines.some(({ msg, topic }) => msg === 'topic can be written again' && topic === topics.SMS));
    const keys = new Set((await readTopic(cluster.client(), topics.EMAIL)).map(({ key }) => String(key)));
    assert.equal(keys.size, 1_000);
  });
});
