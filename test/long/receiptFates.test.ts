import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, it } from 'node:test';
import type { ApiApp } from '../../src/api/apiApp.ts';
import { verify } from '../../src/operations/verify.ts';
import type { ReceiptKind } from '../../src/providers/inbound/receipt.ts';
import { createRandom } from '../../src/sample/random.ts';
import { ask, askValue } from '../support/ask.ts';
import { inboundSecrets, signedWebhook } from '../support/signedWebhooks.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { createTestApi } from '../support/testApi.ts';
import { noFaults, startTestGateway } from '../support/testGateway.ts';
import { createTestSystem, type TestSystem } from '../support/testSystem.ts';

const bills = 240;
const folder = useTemporaryFolder();

let system: TestSystem;
let gateway: Awaited<ReturnType<typeof startTestGateway>>;
let api: ApiApp;

before(async () => {
  gateway = await startTestGateway(folder, {
    slowness: { delayMs: 50, slowRate: 0, slowMs: 0 },
    rates: { ...noFaults, refuse: 0.05, break: 0.05, failAfter: 0.05 },
  });
  system = await createTestSystem({
    PROVIDER_EMAIL: 'http',
    PROVIDER_SMS: 'http',
    HTTP_EMAIL_URL: gateway.url,
    HTTP_SMS_URL: gateway.url,
    FALLBACK_STOP_RATE: '1',
    SMS_TURN_STOP_RATE: '1',
  });
  api = await createTestApi({
    database: system.database,
    environment: { INBOUND_SECRETS: `http:${inboundSecrets.http}` },
  });
});
after(async () => {
  await api.close();
  await system.destroy();
  await gateway.close();
});

const random = createRandom(7, 1n);
/** What the gateway will say of each acceptance, by its key; undefined: it stays silent. */
const fates = new Map<string, ReceiptKind | undefined>();

function fateOf(): ReceiptKind | undefined {
  const share = random.integer(1, 100);
  if (share <= 50) return 'delivered';
  if (share <= 70) return 'bounced_hard';
  return share <= 80 ? 'bounced_soft' : undefined;
}

function acceptances(): string[] {
  if (!existsSync(gateway.ledgerFile)) return [];
  return readFileSync(gateway.ledgerFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).key);
}

/** Tells of some of what was accepted so far: in any order, early, late, and again and again. */
async function tell(share: number): Promise<void> {
  for (const key of acceptances()) if (!fates.has(key)) fates.set(key, fateOf());
  const told = [...fates].filter(([, fate]) => fate !== undefined && random.chance(share));
  const receipts = told
    .toSorted(() => random.integer(-1, 1))
    .flatMap(([key, kind]) =>
      random.chance(0.3)
        ? [
            { key, kind },
            { key, kind },
          ]
        : [{ key, kind }],
    );
  const { headers, body } = signedWebhook('http', { receipts });
  const answer = await api.inject({
    method: 'POST',
    url: '/inbound/http',
    headers: { 'content-type': 'application/json', ...headers },
    payload: body,
  });
  assert.equal(answer.statusCode, 200, answer.body);
}

function openReceipts(): Promise<number> {
  return askValue(system.database, 'select count(*)::int from bill_receipt where verdict is null');
}

it('receipts in any order settle what they may, and nothing is sent twice or goes on without one', async () => {
  await system.publish(bills);
  const victim = await system.startDispatcher();
  await system.until('half is accepted', async () => {
    await tell(0.2);
    return acceptances().length > bills / 2;
  });
  await victim.kill();
  const survivor = await system.startDispatcher();
  await system.until('everything is told, and at rest', async ({ pending, sending, sent, owed }) => {
    await tell(0.7);
    const isTold = [...fates].every(([key, fate]) => fate === undefined || told.has(key));
    for (const [key] of await ask<[string]>(
      system.database,
      `select bill_id || ':' || channel || ':' || cycle from bill_receipt`,
    )) {
      told.add(key);
    }
    return isTold && pending + sending + sent + owed + (await openReceipts()) === 0;
  });
  assert.equal(await survivor.stop(), 0);
  const { lost, duplicated } = await verify(system, { ledgerFiles: [gateway.ledgerFile] });
  assert.deepEqual({ lost, duplicated }, { lost: 0, duplicated: 0 });
  await checkFates();
});

const told = new Set<string>();

/** Bills that went on by SMS had failed or have a negative receipt. Those without a receipt stayed. */
async function checkFates(): Promise<void> {
  const rows = await ask<[string, string, string, number]>(
    system.database,
    `select bill_id::text, send_status, channel, step from bill_notification`,
  );
  const failed = new Set(
    (
      await ask<[string]>(
        system.database,
        `select bill_id::text from delivery_attempt where outcome in ('REFUSED', 'UNPREPARABLE') and channel = 'EMAIL'`,
      )
    ).map(([billId]) => billId),
  );
  let turned = 0;
  for (const [billId, status, channel, step] of rows) {
    const fate = fates.get(`${billId}:EMAIL:1`);
    const bounced = fate === 'bounced_hard' || fate === 'bounced_soft';
    if (step > 0) {
      assert.ok(bounced || failed.has(billId), `bill ${billId} went on by ${channel} without a failure`);
      if (bounced) turned++;
    } else if (fates.has(`${billId}:EMAIL:1`)) {
      assert.equal(bounced, false, `bill ${billId} stayed although its e-mail came back`);
      assert.ok(
        status === 'DELIVERED' || (status === 'IN_DOUBT' && fate === undefined),
        `${billId} ${status}`,
      );
    }
  }
  assert.ok(turned > 10, `${turned} bills turned`);
  const { confirmed, bounced, inDoubt } = await system.states();
  assert.ok(confirmed > 0 && bounced > 0 && inDoubt > 0, `${confirmed} ${bounced} ${inDoubt}`);
}
