import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { beforeEach, describe, it, type TestContext } from 'node:test';
import { createKafka, type Kafka } from '../../../src/kafka/kafkaClient.ts';
import { askValue } from '../../support/ask.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() =>
  test.database.execute(`
    truncate poison_record, access_record;
    insert into poison_record (topic, partition, "offset", recorded_at, reason, key, value, received_at)
    select 'bill.email', 0, n, '2026-11-01T00:00:00.123456Z', 'EVENT_NOT_JSON', '42', convert_to('<b>' || n, 'UTF8'),
      now() - n * interval '1 minute'
    from generate_series(1, 3) n`),
);

async function ask(role: 'viewer' | 'operator' | 'auditor', url: string, payload?: object, kafka?: Kafka) {
  const app = await createTestApi({ database: test.database, ...(kafka && { kafka }) });
  return app.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url: `/api/v1${url}`,
    headers: bearer(role),
    ...(payload !== undefined && { payload }),
  });
}

describe('the dead letters', () => {
  it('are listed without their bytes, the newest first, page by page', async () => {
    const first = (await ask('viewer', '/dead-letters?limit=2')).json();
    assert.deepEqual(
      first.items.map(({ offset, reason, valueBytes }: Record<string, unknown>) => [
        offset,
        reason,
        valueBytes,
      ]),
      [
        ['1', 'EVENT_NOT_JSON', 4],
        ['2', 'EVENT_NOT_JSON', 4],
      ],
    );
    assert.match(first.items[0].meaning, /not JSON/);
    const second = (await ask('viewer', `/dead-letters?limit=2&after=${first.next}`)).json();
    assert.deepEqual([second.items[0].offset, second.next], ['3', null]);
    assert.equal((await ask('viewer', '/dead-letters?after=x')).json().code, 'REQUEST_INVALID');
  });

  it('are opened by an operator, who leaves a record', async () => {
    const [{ id }] = (await ask('viewer', '/dead-letters')).json().items;
    const letter = (await ask('operator', `/dead-letters/${id}`)).json();
    assert.deepEqual([letter.key, letter.value, letter.source], ['42', '<b>1', 'table']);
    assert.equal((await ask('viewer', `/dead-letters/${id}`)).statusCode, 403);
    const records = (await ask('auditor', '/audit')).json().items;
    assert.deepEqual(
      records.map(({ what, result, reason }: Record<string, unknown>) => [what, result, reason]),
      [
        ['openDeadLetter', 'refused', null],
        ['openDeadLetter', 'done', id],
      ],
    );
    const missing = await ask('operator', `/dead-letters/${id.replace(':1:', ':9:')}`);
    assert.equal(missing.json().code, 'DEAD_LETTER_NOT_FOUND');
  });
});

/** A client of a broker that takes connections and answers nothing. */
async function silentKafka(t: TestContext): Promise<Kafka> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return createKafka({ brokers: [`127.0.0.1:${port}`], clientId: 'test', log: silentLog });
}

describe('a dead letter while Kafka does not answer', () => {
  const replay = { reason: 'the event was fixed' };
  const replayed = 'select count(replayed_at)::int from poison_record';

  it('is not sent again, and the answer says so', async (t) => {
    const [{ id }] = (await ask('viewer', '/dead-letters')).json().items;
    const kafka = await silentKafka(t);
    const answer = await ask('operator', `/dead-letters/${id}/replay`, replay, kafka);
    const { code, detail, detailTold } = answer.json();
    assert.deepEqual([answer.statusCode, code], [503, 'KAFKA_AWAY']);
    assert.equal(detail, 'Nothing was sent again: Kafka has not answered within 8 s');
    assert.deepEqual(
      detailTold.map((told: { code: string }) => told.code),
      ['LETTER_NOT_SENT', 'KAFKA_SILENT'],
    );
    assert.equal(await askValue(test.database, replayed), 0);
    const [record] = (await ask('auditor', '/audit')).json().items;
    assert.deepEqual([record.what, record.result], ['replayDeadLetter', 'failed']);
  });

  it('is not sent again if the broker refuses connections', async () => {
    const [{ id }] = (await ask('viewer', '/dead-letters')).json().items;
    const answer = (await ask('operator', `/dead-letters/${id}/replay`, replay)).json();
    assert.equal(answer.code, 'KAFKA_AWAY');
    assert.match(answer.detail, /^Nothing was sent again: .*ECONNREFUSED/);
    assert.equal(await askValue(test.database, replayed), 0);
  });

  it('is not said to be gone if only the topic has its bytes', async (t) => {
    await test.database.execute('update poison_record set value = null, published_at = now()');
    const [{ id }] = (await ask('viewer', '/dead-letters')).json().items;
    const kafka = await silentKafka(t);
    const answer = (await ask('operator', `/dead-letters/${id}`, undefined, kafka)).json();
    assert.equal(answer.code, 'KAFKA_AWAY');
    assert.equal(answer.detail, 'The topic could not be read from Kafka: Kafka has not answered within 8 s');
  });
});
