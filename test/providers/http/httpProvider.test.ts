import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, describe, it } from 'node:test';
import { createEncode } from '../../../src/providers/http/encodeMessage.ts';
import { createHttpProvider, type HttpProviderOptions } from '../../../src/providers/http/httpProvider.ts';
import {
  type EncodedMessage,
  missedTurn,
  type Provider,
  type SendAttempt,
} from '../../../src/providers/provider.ts';
import { proxyStatuses } from '../../../tools/gateway/proxy.ts';
import { captureLog, silentLog } from '../../support/capturedLog.ts';
import { claimOf } from '../../support/claims.ts';
import { eventually } from '../../support/eventually.ts';
import { bodyOf, serveHttp } from '../../support/httpServer.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { startTestGateway } from '../../support/testGateway.ts';

const encode = createEncode();

const providers: Provider[] = [];
const gateways: { close(): Promise<void> }[] = [];
const folder = useTemporaryFolder();
after(() => Promise.all(providers.map((provider) => provider.stop())));
after(() => Promise.all(gateways.map((gateway) => gateway.close())));

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

async function create(handle: Handle, options: Partial<HttpProviderOptions> & { path?: string } = {}) {
  const server = await serveHttp(handle);
  const provider = createHttpProvider({
    channel: 'EMAIL',
    url: `http://127.0.0.1:${server.port}${options.path ?? '/v1/mail'}`,
    authorization: 'Bearer secret',
    lookup: 'advisory',
    concurrency: 8,
    startDeadlineMs: 5_000,
    sendTimeoutMs: 5_000,
    keepAliveMs: 1_000,
    connections: {},
    log: silentLog,
    ...options,
  });
  providers.push(provider);
  return { provider, server };
}

function emailOf(html = 'h'): EncodedMessage {
  const parts = { html: Buffer.from(html), text: Buffer.from('t') };
  const body = encode({ kind: 'email', to: 'a@b.kr', subject: 's', ...parts }, claimOf());
  return { to: 'a@b.kr', body };
}
function optionsOf(facts: Partial<SendAttempt> = {}): SendAttempt {
  return {
    claim: claimOf(),
    idempotencyKey: '5:EMAIL:1',
    startDeadline: { unixMs: 1_795_000_000_000, passed: () => false },
    ...facts,
  };
}
const ok: Handle = (_request, response) => void response.end('{"id":"a-1"}');
const notSeen: Handle = (_request, response) =>
  void response.writeHead(404).end('{"key":"5:EMAIL:1","status":"not seen"}');

describe('the HTTP provider', () => {
  it('posts the message once, with key, token and start deadline', async () => {
    const seen: IncomingMessage[] = [];
    const { provider } = await create(
      (request, response) => {
        seen.push(request);
        ok(request, response);
      },
      { path: '/v1/mail?tenant=7' },
    );
    const answer = await provider.send(emailOf(), optionsOf());
    assert.deepEqual(answer, { kind: 'accepted', providerId: 'a-1' });
    assert.equal(seen.length, 1);
    assert.deepEqual([seen[0]?.method, seen[0]?.url], ['POST', '/v1/mail?tenant=7']);
    const { headers } = seen[0] ?? assert.fail();
    assert.deepEqual(
      [headers['idempotency-key'], headers.authorization, headers['send-before'], headers['content-type']],
      ['5:EMAIL:1', 'Bearer secret', '1795000000000', 'application/json'],
    );
  });

  it('sends no token if there is none', async () => {
    let authorization: string | undefined = 'none seen';
    const { provider } = await create(
      (request, response) => {
        authorization = request.headers.authorization;
        ok(request, response);
      },
      { authorization: undefined },
    );
    await provider.send(emailOf(), optionsOf());
    assert.equal(authorization, undefined);
  });

  it('posts the bytes that the encoder made', async () => {
    const bodies: string[] = [];
    const { provider } = await create(async (request, response) => {
      bodies.push(await bodyOf(request));
      ok(request, response);
    });
    await provider.send(emailOf('<p>청구서</p>'), optionsOf());
    assert.match(bodies[0] ?? '', /"html":"<p>청구서<\/p>","text":"t"/);
  });

  it('follows no redirect and repeats nothing', async () => {
    let requests = 0;
    for (const [code, kind] of [
      [307, 'misconfigured'],
      [401, 'misconfigured'],
      [408, 'unknown'],
      [429, 'notSent'],
      [503, 'unknown'],
      [500, 'unknown'],
      [422, 'unknown'],
    ] as const) {
      const { provider } = await create((_request, response) => {
        requests++;
        response.writeHead(code, { location: '/elsewhere' }).end();
      });
      assert.deepEqual(await provider.send(emailOf(), optionsOf()).then((answer) => answer.kind), kind);
    }
    assert.equal(requests, 7);
  });

  it('does not begin past the start deadline', async () => {
    const { provider, server } = await create(ok);
    const startDeadline = { unixMs: 0, passed: () => true };
    const answer = await provider.send(emailOf(), optionsOf({ startDeadline }));
    assert.deepEqual(answer, { kind: 'notSent', reason: 'START_DEADLINE' });
    assert.equal(server.connections(), 1, 'the connection was there');
  });

  it('does not begin after its turn, and has a connection ahead of it', async () => {
    const { provider, server } = await create(ok);
    provider.prepare?.(1);
    await eventually(() => server.connections() === 1);
    const message = emailOf();
    const late = optionsOf({ turnEndsMs: performance.now() - 1 });
    assert.equal(await provider.send(message, late), missedTurn);
    assert.equal((await provider.send(message, optionsOf())).kind, 'accepted');
    assert.equal(server.connections(), 1);
  });

  it('does not begin when the start deadline passes while it waits for a connection', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<ServerResponse>();
    const { provider } = await create((_request, response) => arrive(response), { concurrency: 1 });
    let passed = false;
    const startDeadline = { unixMs: 0, passed: () => passed };
    const first = provider.send(emailOf(), optionsOf());
    const second = provider.send(emailOf(), optionsOf({ startDeadline }));
    const response = await arrived;
    passed = true;
    response.end('{"id":"a-1"}');
    assert.equal((await first).kind, 'accepted');
    assert.deepEqual(await second, { kind: 'notSent', reason: 'START_DEADLINE' });
  });

  it('uses its connections again, and no more than it may', async () => {
    const { provider, server } = await create((_request, response) => {
      setImmediate(() => response.end('{"id":"1"}'));
    });
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => provider.send(emailOf(), optionsOf())),
    );
    assert.ok(answers.every(({ kind }) => kind === 'accepted'));
    assert.ok(server.connections() <= 8, String(server.connections()));
  });

  it('takes a message as accepted by its key alone, and warns once', async () => {
    const { log, warnings } = captureLog();
    const { provider } = await create((_request, response) => void response.end('{"key":"5:EMAIL:1"}'), {
      log,
    });
    for (let times = 0; times < 3; times++) {
      assert.deepEqual(await provider.send(emailOf(), optionsOf()), {
        kind: 'accepted',
        providerId: undefined,
      });
    }
    assert.deepEqual(warnings(), ['gateway accepts without an id that can be kept']);
  });

  it("keeps no address of the recipient in the provider's id, and warns once", async () => {
    const { log, warnings } = captureLog();
    const { provider } = await create((_request, response) => void response.end('{"id":"a@b.kr/7"}'), {
      log,
    });
    for (let times = 0; times < 3; times++) {
      assert.deepEqual(await provider.send(emailOf(), optionsOf()), {
        kind: 'accepted',
        providerId: '***/7',
      });
    }
    assert.equal(warnings().length, 1);
  });

  it('says why there is no connection', async () => {
    const { provider } = await create(ok, { url: 'http://127.0.0.1:1/mail' });
    const answer = await provider.send(emailOf(), optionsOf());
    assert.deepEqual(answer, {
      kind: 'notSent',
      reason: 'NO_CONNECTION',
      trouble: 'unreachable',
      cause: 'ECONNREFUSED 127.0.0.1:1',
    });
  });
});

describe('its lookup', () => {
  it('asks for the key below the URL', async () => {
    const seen: string[] = [];
    const { provider } = await create(
      ({ method, url, headers }, response) => {
        seen.push(`${method} ${url} ${headers.authorization}`);
        response.end('{"key":"5:EMAIL:1","id":"1"}');
      },
      { path: '/v1/mail/?tenant=7' },
    );
    assert.equal(await provider.lookup('5:EMAIL:1'), 'accepted');
    assert.deepEqual(seen, ['GET /v1/mail/5%3AEMAIL%3A1?tenant=7 Bearer secret']);
  });

  it('believes "not seen" of an authority only, and asks nobody if there is no look-up', async () => {
    for (const [lookup, answer] of [
      ['authoritative', 'never'],
      ['advisory', 'cannotTell'],
      ['none', 'cannotTell'],
    ] as const) {
      const { provider, server } = await create(notSeen, { lookup });
      assert.equal(await provider.lookup('5:EMAIL:1'), answer);
      assert.equal(server.connections(), lookup === 'none' ? 0 : 1);
    }
  });

  it('believes no proxy that answers for the gateway, whatever it says', async () => {
    const always = { rate: 1, afterMs: 0, forMs: Number.POSITIVE_INFINITY, passesOn: false };
    for (const status of proxyStatuses) {
      const gateway = await startTestGateway(folder, { proxy: { ...always, status } });
      gateways.push(gateway);
      const { provider } = await create(ok, { url: gateway.url, lookup: 'authoritative' });
      assert.equal(await provider.lookup('5:EMAIL:1'), 'cannotTell', String(status));
    }
  });

  it('believes the gateway itself', async () => {
    const gateway = await startTestGateway(folder);
    gateways.push(gateway);
    const { provider } = await create(ok, { url: gateway.url, lookup: 'authoritative' });
    assert.equal(await provider.lookup('5:EMAIL:1'), 'never');
    assert.equal((await provider.send(emailOf(), optionsOf())).kind, 'accepted');
    assert.equal(await provider.lookup('5:EMAIL:1'), 'accepted');
  });

  it('answers cannotTell if no answer comes in time, however many are asked', async () => {
    const { provider } = await create(() => undefined, { lookup: 'authoritative', sendTimeoutMs: 200 });
    const startedMs = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, bill) => provider.lookup(`${bill}:EMAIL:1`)),
    );
    assert.deepEqual([...new Set(answers)], ['cannotTell']);
    assert.ok(performance.now() - startedMs < 50_000, 'not one after the other');
  });
});
