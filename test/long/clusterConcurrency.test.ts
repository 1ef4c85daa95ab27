import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestSystem, isFinished } from '../support/testSystem.ts';

const limit = 20;
const bills = 1_200;
const answerMs = 200;
const patienceMs = 300_000;

/** A gateway that counts the requests whose answer is not given, in this process. */
async function openStandIn() {
  const seen = { open: 0, most: 0, taken: 0 };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    seen.taken++;
    seen.most = Math.max(seen.most, ++seen.open);
    response.once('close', () => seen.open--);
    request.resume();
    await sleep(answerMs);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: String(seen.taken) }));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages` };
}

describe('PROVIDER_CONCURRENCY end to end', () => {
  it(`${limit} are never exceeded by three dispatchers, though one is killed and another begins`, async () => {
    const { seen, url } = await openStandIn();
    const system = await createTestSystem({
      PROVIDER_EMAIL: 'http',
      PROVIDER_SMS: 'http',
      HTTP_EMAIL_URL: url,
      HTTP_SMS_URL: url,
      PROVIDER_CONCURRENCY: `http:${limit}`,
      POOL_THREADS: '1',
    });
    try {
      const [killed] = [await system.startDispatcher(), await system.startDispatcher()];
      await system.publish(bills);
      await system.until('some are sent', () => seen.taken > bills / 4, patienceMs);
      const joins = system.startDispatcher();
      await killed?.kill();
      await joins;
      await system.until(
        'the others have sent the rest',
        (states) => isFinished({ ...states, total: states.total - states.inDoubt }),
        patienceMs,
      );
      console.log(`most open at a time: ${seen.most} of ${limit}, ${seen.taken} taken`);
      assert.ok(seen.most <= limit, String(seen.most));
      assert.ok(seen.most >= limit / 2, String(seen.most));
    } finally {
      await system.destroy();
    }
  });
});
