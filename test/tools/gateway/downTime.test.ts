import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayOptions } from '../../../tools/gateway/gatewayOptions.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { startTestGateway } from '../../support/testGateway.ts';

const folder = useTemporaryFolder();
const opened: { close(): Promise<void> }[] = [];
after(() => Promise.all(opened.map((gateway) => gateway.close())));

async function open(options: Partial<GatewayOptions>) {
  const gateway = await startTestGateway(folder, options);
  opened.push(gateway);
  return gateway;
}

/** What became of one message: its status, or the code with which the connection ended. */
async function send(url: string, billId: number): Promise<number | string> {
  const body = { billId, memberId: 7, channel: 'SMS', cycle: 1, to: '1', text: 't' };
  const headers = { 'idempotency-key': `${billId}:SMS:1` };
  try {
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : 'broken';
  }
}

/**
 * Sends one by one, with ids from `first` on, until one ends with this outcome. Returns the accepted ids.
 */
async function sendUntil(url: string, end: number | string, first: number): Promise<number[]> {
  const accepted: number[] = [];
  for (let billId = first; ; billId++) {
    const outcome = await send(url, billId);
    if (outcome === 200) accepted.push(billId);
    if (outcome === end) return accepted;
  }
}

function acceptedBy(ledgerFile: string): number[] {
  return readFileSync(ledgerFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).billId);
}

describe('the down-time of the gateway', () => {
  it('refuses connections for as long as it lasts, and on the same port it accepts before and after', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const gateway = await open({ downTime: { afterMs: 150, forMs: 150 } });
    t.mock.timers.tick(149);
    assert.equal(await send(gateway.url, 1), 200);
    t.mock.timers.tick(1);
    assert.deepEqual(await sendUntil(gateway.url, 'ECONNREFUSED', 2), []);
    t.mock.timers.tick(149);
    assert.equal(await send(gateway.url, 1_000), 'ECONNREFUSED');
    t.mock.timers.tick(1);
    assert.deepEqual(await sendUntil(gateway.url, 200, 2_000), [2_000]);
    assert.deepEqual(acceptedBy(gateway.ledgerFile), [1, 2_000]);
  });

  it('breaks the requests in flight, and never accepts what it had not accepted by then', async () => {
    const slowness = { delayMs: 400, slowRate: 0, slowMs: 0 };
    const gateway = await open({ slowness, downTime: { afterMs: 150, forMs: 60_000 } });
    assert.equal(typeof (await send(gateway.url, 1)), 'string');
    await sleep(slowness.delayMs);
    assert.equal(existsSync(gateway.ledgerFile), false);
  });

  it('lets the gateway be closed while it lasts', async () => {
    const gateway = await open({ downTime: { afterMs: 0, forMs: 60_000 } });
    await sendUntil(gateway.url, 'ECONNREFUSED', 1);
    await gateway.close();
    assert.equal(await send(gateway.url, 1), 'ECONNREFUSED');
  });
});
