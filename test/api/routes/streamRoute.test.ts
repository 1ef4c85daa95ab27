import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { liveEvent } from '../../../src/api/contract/streamContract.ts';
import { emptyTables, insertNotification } from '../../support/notifications.ts';
import { bearer, createTestApi } from '../../support/testApi.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const test = useTestDatabase();
beforeEach(() => emptyTables(test.database));

interface StreamEvent {
  readonly id: number;
  readonly name: string;
  readonly data: { readonly status?: { readonly delivered?: number } };
}

/** Reads events until the signal ends the stream. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const fields = Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.data !== undefined) {
        const { id, event, data } = liveEvent.parse(fields);
        yield { id: Number(id), name: event, data: JSON.parse(data) };
      }
    }
  }
}

describe('GET /api/v1/stream', () => {
  it('sends a snapshot and then what changes, to each viewer, until the server ends it', async () => {
    const app = await createTestApi({ database: test.database });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const answers = await Promise.all(
      [1, 2].map(() => fetch(`${url}/api/v1/stream`, { headers: bearer('viewer') })),
    );
    for (const answer of answers) {
      assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    }
    const streams = answers.map(({ body }) => eventsOf(body as ReadableStream<Uint8Array>));
    for (const stream of streams) {
      const { value } = await stream.next();
      assert.deepEqual([value?.name, value?.data.status?.delivered], ['snapshot', 0]);
    }
    await insertNotification(test.database, { sendStatus: 'DELIVERED' });
    for (const stream of streams) {
      let lastId = -1;
      for (;;) {
        const { value } = await stream.next();
        assert.equal(value?.name, 'delta');
        assert.ok(value.id > lastId);
        lastId = value.id;
        if (value.data.status?.delivered === 1) break;
      }
    }
    await app.close();
    for (const stream of streams) while (!(await stream.next()).done);
  });

  it('is documented by the fields of an event', async () => {
    const app = await createTestApi();
    const { paths } = (await app.inject('/api/v1/openapi.json')).json();
    const { schema } = paths['/api/v1/stream'].get.responses[200].content['text/event-stream'];
    assert.deepEqual(schema.required, ['id', 'event', 'data']);
  });

  it('is a problem document if nothing can be read', async () => {
    const app = await createTestApi();
    const answer = await app.inject({ url: '/api/v1/stream', headers: bearer('viewer') });
    assert.deepEqual([answer.statusCode, answer.json().code], [503, 'DATABASE_AWAY']);
    await app.close();
  });
});
