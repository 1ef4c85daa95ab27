import assert from 'node:assert/strict';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { after, describe, it } from 'node:test';
import { releaseBrakes } from '../../../src/db/brake.ts';
import { setPaused } from '../../../src/db/control.ts';
import { readBrakeStates } from '../../../src/db/reads/brakeStates.ts';
import { serveHttp } from '../../support/httpServer.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { startTestGateway } from '../../support/testGateway.ts';
import { oneProvider } from '../../support/testLanes.ts';
import { createTestSystem, isFinished } from '../../support/testSystem.ts';

const folder = useTemporaryFolder();
const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});

/**
 * What stands before a gateway. `cuts`: it passes requests on, and the connection breaks before the answer.
 * `answers404`: nothing is behind it, and it says so to everything.
 */
async function startIngress(gatewayPort: number) {
  let mode: 'cuts' | 'answers404' | 'passesOn' = 'cuts';
  let lookupsOf404 = 0;
  const passOn = (incoming: IncomingMessage, answer: (from: IncomingMessage) => void): void => {
    const { method, url, headers } = incoming;
    incoming.pipe(request({ port: gatewayPort, host: '127.0.0.1', method, path: url, headers }, answer));
  };
  const handle = (incoming: IncomingMessage, response: ServerResponse): void => {
    if (mode === 'answers404') {
      if (incoming.method === 'GET') lookupsOf404++;
      incoming.resume();
      response.writeHead(404, { 'content-type': 'text/plain' }).end('default backend - 404');
    } else if (mode === 'cuts') {
      passOn(incoming, () => response.destroy());
    } else {
      passOn(incoming, (from) => from.pipe(response.writeHead(from.statusCode ?? 500, from.headers)));
    }
  };
  const { port } = await serveHttp(handle);
  return {
    url: `http://127.0.0.1:${port}/bills`,
    set: (next: typeof mode) => {
      mode = next;
    },
    lookupsOf404: () => lookupsOf404,
  };
}

const person = { by: 'person test' };

describe('an ingress that answers 404 to the look-ups of an authority', () => {
  it('has nothing sent twice: it knows nothing of the bills in doubt', async () => {
    const gateway = await startTestGateway(folder);
    ends.push(gateway.close);
    const ingress = await startIngress(gateway.port);
    const system = await createTestSystem({
      PROVIDER_EMAIL: 'http',
      HTTP_EMAIL_URL: ingress.url,
      HTTP_EMAIL_LOOKUP: 'authoritative',
      PROVIDER_SMS: 'http',
      HTTP_SMS_URL: ingress.url,
      HTTP_SMS_LOOKUP: 'authoritative',
      SIMULATED_LEDGER: gateway.ledgerFile,
    });
    ends.push(system.destroy);
    const { database } = system;
    await system.publish(100);
    const dispatcher = await system.startDispatcher();
    await system.until(
      'the brake is on, and what was in flight is in doubt',
      async ({ sending, sent }) =>
        sending + sent === 0 &&
        (await readBrakeStates(database, { ladder: standardLadder, providers: oneProvider })).EMAIL.on,
    );
    const doubts = (await system.states()).inDoubt;
    assert.ok(doubts >= 20, String(doubts));
    ingress.set('answers404');
    // A person lets it go on too early, and sends nothing: now the look-ups are asked.
    await setPaused(database, true, person);
    await releaseBrakes(database, ['EMAIL', 'SMS'], person);
    await system.until(
      'all doubts are past the horizon and asked',
      () => ingress.lookupsOf404() > 2 * doubts,
    );
    assert.equal((await system.states()).inDoubt, doubts);
    ingress.set('passesOn');
    await setPaused(database, false, person);
    await system.until('all bills are finished', isFinished, 120_000);
    const { lost, duplicated, inDoubt } = await system.verdict();
    assert.deepEqual({ lost, duplicated, inDoubt }, { lost: 0, duplicated: 0, inDoubt: 0 });
    assert.equal(await dispatcher.stop(), 0);
  });
});
