import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ask, askValue } from '../support/ask.ts';
import { runBillcast } from '../support/commandLine.ts';
import { emptyTables } from '../support/notifications.ts';
import { testKafkaBrokers } from '../support/testKafka.ts';
import { useTestTopics } from '../support/testTopics.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const { topics } = useTestTopics(2);

beforeEach(() => emptyTables(db.database));

/** Runs the command line as a script does: nobody can be asked. */
function billcast(args: readonly string[], settings: Record<string, string> = {}) {
  return runBillcast(args, {
    DATABASE_URL: db.url,
    KAFKA_BROKERS: testKafkaBrokers(),
    TOPIC_EMAIL: topics.EMAIL,
    TOPIC_SMS: topics.SMS,
    TOPIC_DLT: topics.deadLetter,
    ...settings,
  });
}

async function insertHeld(): Promise<void> {
  await ask(
    db.database,
    `insert into member (id, name, email, grade) values (1, 'x', 'y', 'VIP'), (2, 'x', '', 'VIP')`,
  );
  await ask(
    db.database,
    `insert into bill_notification (bill_id, member_id) values (901, 1), (902, 1), (903, 1), (904, 2)`,
  );
}

function held() {
  return askValue<number>(
    db.database,
    `select count(*)::int from bill_notification where publish_status = 'HELD' and send_status = 'PENDING'`,
  );
}

describe('a database of somebody’s own', () => {
  it('gets no sample bills from start, and keeps its held bills held', async () => {
    await insertHeld();
    const asked = await billcast(['start', '--bills', '5']);
    assert.equal(asked.code, 1);
    assert.match(asked.err, /only in the embedded database.*\[USAGE\]/);
    const { code, err, out } = await billcast(['start']);
    assert.equal(code, 0, err);
    assert.match(err, /4 bills are held; `npx billcast publish --month YYYY-MM` releases them/);
    assert.match(out, /held +4\n/);
    assert.equal(await held(), 4);
  });

  it('gets sample bills from seed only with --yes, and never in production', async () => {
    const unasked = await billcast(['seed', '--members', '3']);
    assert.equal(unasked.code, 1);
    assert.match(unasked.err, /3 made-up members and their bills go into .*Add --yes.*\[USAGE\]/s);
    assert.doesNotMatch(unasked.err, /@/);
    assert.equal(await askValue<number>(db.database, 'select count(*)::int from member'), 0);
    const inProduction = await billcast(['seed', '--yes'], {
      NODE_ENV: 'production',
      PROVIDER_EMAIL: 'simulated',
      PROVIDER_SMS: 'simulated',
      CIPHER_KEYS: `a:${Buffer.alloc(32, 1).toString('base64')}`,
    });
    assert.match(inProduction.err, /refused with NODE_ENV=production/);
    const asked = await billcast(['seed', '--members', '3', '--yes', '--json']);
    assert.equal(JSON.parse(asked.out).members, 3);
    const recorded = `select result from access_record where what = 'seed' and reason = '3 members' order by seq`;
    assert.deepEqual((await ask(db.database, recorded)).flat(), ['begun', 'done']);
  });
});

describe('billcast publish', () => {
  it('wants to know which bills, and a yes', async () => {
    await insertHeld();
    assert.match((await billcast(['publish', '--yes'])).err, /--month 2026-11, or --all/);
    assert.match(
      (await billcast(['publish', '--all', '--month', '2026-11', '--yes'])).err,
      /cannot be used with/,
    );
    const { code, err } = await billcast(['publish', '--all']);
    assert.equal(code, 1);
    assert.match(err, /4 held bills of all months go out at once, 1 \(25\.0 %\) of them by SMS.*Add --yes/);
    assert.equal(await held(), 4);
  });

  it('refuses a time that is no time, or is past, and releases nothing', async () => {
    await insertHeld();
    for (const at of ['Nov 25 09:00', '9', '2026-02-30T09:00+09:00', '2001-01-01T00:00Z']) {
      const { code, err } = await billcast(['publish', '--all', '--yes', '--at', at]);
      assert.equal(code, 1);
      assert.match(err, /--at .*\[USAGE\]/);
    }
    assert.equal(await held(), 4);
  });

  it('releases them, says how many, and that nobody sends them', async () => {
    await insertHeld();
    const { code, out, err } = await billcast(['publish', '--all', '--yes', '--json']);
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out), { published: 4 });
    assert.match(err, /No dispatcher is running/);
    assert.equal(await held(), 0);
    const again = await billcast(['publish', '--month', '2026-11', '--yes']);
    assert.match(again.err, /^There are no bills of 2026-11\. Nothing of other months is held\.$/m);
  });
});
