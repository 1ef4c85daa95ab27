import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
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

describe('the down-time of the gateway', { concurrency: true }, () => {
  it('refuses connections for as long as it lasts, and on the same port it accepts before and after', async () => {
    const gateway = await open({ downTime: { afterMs: 150, forMs: 150 } });
    const before = await sendUntil(gateway.url, 'ECONNREFUSED', 1);
    const later = await sendUntil(gateway.url, 200, 1_000_000);
    assert.ok(before.length > 0);
    const ledger = acceptedBy(gateway.ledgerFile);
    const broken = ledger.filter((billId) => !before.includes(billId) && !later.includes(billId));
    assert.ok(broken.length <= 1, 'only the one in flight may be accepted without an answer');
    assert.equal(ledger.length, before.length + later.length + broken.length);
  });

  it('breaks the requests in flight, and never accepts what it had not accepted by then', async () => {
    const slowness = { delayMs: 400, slowRate: 0, slowMs: 0 };
    const gateway = await open({ slowness, downTime: { afterMs: 150, forMs: 1 } });
    assert.equal(typeof (await send(gateway.url, 1)), 'string');
    await sendUntil(gateway.url, 200, 2);
    assert.ok(!acceptedBy(gateway.ledgerFile).includes(1));
  });

  it('lets the gateway be closed while it lasts', async () => {
    const gateway = await open({ downTime: { afterMs: 0, forMs: 60_000 } });
    await sendUntil(gateway.url, 'ECONNREFUSED', 1);
    await gateway.close();
    assert.equal(await send(gateway.url, 1), 'ECONNREFUSED');
  });
});
