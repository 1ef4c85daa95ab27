import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { loadConfig } from '../../../../src/config/loadConfig.ts';
import { projectDir } from '../../../../src/lib/projectDir.ts';
import { createHttpProvider } from '../../../../src/providers/http/httpProvider.ts';
import { wireProviderNames, wireProviderOf } from '../../../../tools/bench/wire/wireProviders.ts';
import { silentLog } from '../../../support/capturedLog.ts';
import { claimOf } from '../../../support/claims.ts';

const ends: (() => Promise<unknown> | unknown)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});

async function startCounterpart(name: string) {
  const child = fork(join(projectDir, wireProviderOf(name).counterpart), ['0']);
  ends.push(() => child.kill('SIGKILL'));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const stop = async () => {
    const said = once(child, 'message');
    child.kill('SIGTERM');
    return (await said)[0] as unknown;
  };
  return { port, stop };
}

describe('the wire', () => {
  // Not every machine has Postfix.
  for (const name of wireProviderNames.filter((each) => each !== 'postfix')) {
    it(`of ${name} answers each message of the barest client, on no more connections than it may use`, async () => {
      const { port, stop } = await startCounterpart(name);
      const limits = { HTTP_CONCURRENCY: '2', SMTP_CONCURRENCY: '2' };
      const client = wireProviderOf(name).createBareClient(
        loadConfig({ ...wireProviderOf(name).settings(port), ...limits }),
      );
      const bodies = [1, 20_000, 200_000, 5, 17_000].map((length) => Buffer.alloc(length, 'x'));
      await Promise.all(
        bodies.map((body, index) => new Promise<void>((resolve) => client.send(`${index}`, body, resolve))),
      );
      const connections = name === 'http2' ? 1 : 2;
      assert.deepEqual(await stop(), { connections, made: connections });
    });
  }

  for (const [name, connections] of [
    ['http', {}],
    ['http2', { version: '2' }],
  ] as const) {
    it(`of ${name} is answered as the product wants it`, async () => {
      const { port } = await startCounterpart(name);
      const provider = createHttpProvider({
        channel: 'EMAIL',
        url: `http://127.0.0.1:${port}/email`,
        authorization: undefined,
        lookup: 'none',
        concurrency: 4,
        startDeadlineMs: 5_000,
        sendTimeoutMs: 5_000,
        keepAliveMs: 1_000,
        connections,
        log: silentLog,
      });
      ends.push(() => provider.stop());
      const startDeadline = { unixMs: Date.now() + 5_000, passed: () => false };
      const message = { to: 'a@b.kr', body: new TextEncoder().encode('x'.repeat(17_000)) };
      const attempt = { claim: claimOf(), idempotencyKey: '5:EMAIL:1', startDeadline };
      assert.deepEqual(await provider.send(message, attempt), { kind: 'accepted', providerId: '1' });
    });
  }
});
