import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { createEncode } from '../../../src/providers/http/encodeMessage.ts';
import { createHttpProvider } from '../../../src/providers/http/httpProvider.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { claimOf } from '../../support/claims.ts';
import { eventually } from '../../support/eventually.ts';
import { billIdOf } from '../../support/notifications.ts';
import { createTcpProxy } from '../../support/tcpProxy.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { startTestGateway } from '../../support/testGateway.ts';

const encode = createEncode();

const folder = useTemporaryFolder();
const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});

/** More than the other side's kernel takes of a connection that nobody reads from, less than ours keeps. */
const billBytes = 1_500_000;

describe('a send that timed out in a network that stands still', () => {
  it('leaves nothing that could arrive when the network is well again', async () => {
    const gateway = await startTestGateway(folder);
    ends.push(gateway.close);
    const proxy = await createTcpProxy({ host: '127.0.0.1', port: gateway.port });
    await proxy.open();
    ends.push(proxy.close);
    const provider = createHttpProvider({
      channel: 'EMAIL',
      url: `http://127.0.0.1:${proxy.port}/mail`,
      authorization: undefined,
      lookup: 'none',
      concurrency: 1,
      startDeadlineMs: 5_000,
      sendTimeoutMs: 500,
      keepAliveMs: 1_000,
      connections: {},
      log: silentLog,
    });
    ends.push(provider.stop);
    const send = (bill: number, bytes: number) => {
      const claim = claimOf({ billId: billIdOf(bill) });
      const startDeadline = { unixMs: Date.now() + 5_000, passed: () => false };
      const parts = { html: Buffer.alloc(bytes, 'x'), text: Buffer.from('t') };
      const message = { kind: 'email', to: 'a@b.kr', subject: 's', ...parts } as const;
      const encoded = { to: message.to, body: encode(message, claim) };
      return provider.send(encoded, { claim, idempotencyKey: `${bill}:EMAIL:1`, startDeadline });
    };
    proxy.stall();
    const answer = await send(1, billBytes);
    assert.deepEqual([answer.kind, answer.kind === 'unknown' && answer.reason], ['unknown', 'HTTP_TIME_OUT']);
    proxy.flow();
    await eventually(() => proxy.connections() === 0);
    assert.equal(existsSync(gateway.ledgerFile), false, 'the bill has arrived after all');
    assert.equal((await send(2, 1)).kind, 'accepted', 'the next one uses a new connection');
  });
});
