import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayOptions } from '../../../tools/gateway/gatewayOptions.ts';
import type { InjectedFault } from '../../../tools/gateway/injectedFault.ts';
import { proxyStatuses } from '../../../tools/gateway/proxy.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { noFaults, startTestGateway } from '../../support/testGateway.ts';

const folder = useTemporaryFolder();
const opened: { close(): Promise<void> }[] = [];
after(() => Promise.all(opened.map((gateway) => gateway.close())));

async function open(options: Partial<GatewayOptions> = {}) {
  const gateway = await startTestGateway(folder, options);
  opened.push(gateway);
  const send = (billId: number, { headers = {}, body = {} }: { headers?: object; body?: object } = {}) =>
    fetch(gateway.url, {
      method: 'POST',
      headers: { 'idempotency-key': `${billId}:SMS:1`, ...headers },
      body: JSON.stringify({ billId, memberId: 7, channel: 'SMS', cycle: 1, to: '1', text: 't', ...body }),
    });
  const look = (key: string, headers = {}) => fetch(`${gateway.url}/${encodeURIComponent(key)}`, { headers });
  const ledger = (): string[] =>
    existsSync(gateway.ledgerFile) ? readFileSync(gateway.ledgerFile, 'utf8').trimEnd().split('\n') : [];
  return { ...gateway, send, look, ledger };
}
function all(fault: InjectedFault) {
  return { rates: { ...noFaults, [fault]: 1 } };
}
function breaks(request: Promise<Response>) {
  return assert.rejects(request, TypeError);
}

describe('the gateway', () => {
  it('writes what it accepts to the ledger before it says so', async () => {
    const { send, ledger } = await open();
    const response = await send(1);
    assert.deepEqual(
      [response.status, await response.json()],
      [200, { key: '1:SMS:1', id: 'gateway-1:SMS:1' }],
    );
    const line = JSON.parse(ledger()[0] ?? '');
    assert.ok(Math.abs(Date.parse(line.at) - Date.now()) < 60_000);
    assert.deepEqual({ ...line, at: '' }, { key: '1:SMS:1', billId: 1, channel: 'SMS', cycle: 1, at: '' });
  });

  it('takes an e-mail, and ids as digits', async () => {
    const { send, ledger } = await open();
    const email = { billId: '9223372036854775807', channel: 'EMAIL', subject: 's', html: 'h' };
    const headers = { 'idempotency-key': '9223372036854775807:EMAIL:1' };
    assert.equal((await send(0, { body: email, headers })).status, 200);
    assert.match(ledger()[0] ?? '', /^\{"key":"9223372036854775807:EMAIL:1","billId":9223372036854775807,/);
  });

  it('answers 400 to what breaks the protocol, and 401 to a wrong token', async () => {
    const { send, look, ledger } = await open({ token: 'secret' });
    const headers = { authorization: 'Bearer secret' };
    const withKey = (key: string) => ({ headers: { ...headers, 'idempotency-key': key } });
    const statuses = await Promise.all([
      ...[send(1), look('1:SMS:1'), send(1, { headers: { authorization: 'Bearer other' } })],
      ...[send(1, withKey('2:SMS:1')), send(1, withKey(''))],
      ...[send(1, { headers, body: { channel: 'FAX' } }), send(1, { headers, body: { to: undefined } })],
      ...[send(1, { headers }), look('2:SMS:1', headers)],
    ]);
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [401, 401, 401, 400, 400, 400, 400, 200, 404],
    );
    assert.equal(ledger().length, 1);
  });

  it('accepts as often as it is asked, or with --deduplicate once, over a restart too', async () => {
    const twice = await open();
    for (let times = 0; times < 2; times++) assert.equal((await twice.send(1)).status, 200);
    assert.equal(twice.ledger().length, 2);
    const once = await open({ deduplicate: true });
    const ids = await Promise.all([1, 2].map(async () => (await once.send(1)).json()));
    assert.deepEqual(ids[0], ids[1]);
    await once.close();
    const again = await open({ deduplicate: true, ledgerFile: once.ledgerFile, ...all('refuse') });
    assert.equal((await again.send(1)).status, 200, 'what is accepted is not refused afterwards');
    assert.equal((await again.send(2)).status, 422);
    assert.equal(again.ledger().length, 1);
  });

  it('takes no late message if it honours Send-Before', async () => {
    const headers = { 'send-before': String(Date.now() - 1_000) };
    const strict = await open({ honourSendBefore: true });
    assert.equal((await strict.send(1, { headers })).status, 412);
    assert.equal(
      (await strict.send(1, { headers: { 'send-before': String(Date.now() + 60_000) } })).status,
      200,
    );
    assert.equal((await strict.send(2)).status, 200);
    assert.equal((await (await open()).send(1, { headers })).status, 200);
  });

  it('takes as long as it is set to', async () => {
    const { send } = await open({ slowness: { delayMs: 150, slowRate: 0, slowMs: 0 } });
    const startedMs = performance.now();
    await send(1);
    assert.ok(performance.now() - startedMs >= 149);
  });

  it('has not accepted what it cannot write', async () => {
    writeFileSync(join(folder, 'plain'), '');
    const { send, look } = await open({ ledgerFile: join(folder, 'plain', 'ledger.jsonl') });
    assert.equal((await send(1)).status, 503);
    assert.equal((await look('1:SMS:1')).status, 404);
  });
});

describe('a fault of the gateway', () => {
  for (const [fault, status] of [
    ['refuse', 422],
    ['tooMany', 429],
    ['unavailable', 503],
    ['outOfCredit', 402],
    ['failBefore', 500],
  ] as const) {
    it(`${fault}: ${status}, and nothing is accepted`, async () => {
      const { send, ledger, look } = await open({ ...all(fault), retryAfterS: 7 });
      const response = await send(1);
      assert.equal(response.status, status);
      assert.equal(response.headers.get('retry-after'), fault === 'tooMany' ? '7' : null);
      assert.deepEqual(ledger(), []);
      assert.equal((await look('1:SMS:1')).status, 404);
      if (fault === 'unavailable') {
        assert.deepEqual(await response.json(), { key: '1:SMS:1', status: 'not taken' });
      }
    });
  }

  it('failAfter: 500, and it is accepted', async () => {
    const { send, ledger } = await open(all('failAfter'));
    assert.equal((await send(1)).status, 500);
    assert.equal(ledger().length, 1);
  });

  it('break: the connection breaks, and it is accepted', async () => {
    const { send, ledger, look } = await open(all('break'));
    await breaks(send(1));
    assert.equal(ledger().length, 1);
    assert.equal((await look('1:SMS:1')).status, 200);
  });

  it('hang: no answer until the end, and it is accepted', async () => {
    const gateway = await open(all('hang'));
    const request = gateway.send(1);
    for (let status = 404; status !== 200; ) status = (await gateway.look('1:SMS:1')).status;
    const answered = await Promise.race([request.then(() => true), gateway.look('1').then(() => false)]);
    assert.equal(answered, false);
    await Promise.all([breaks(request), gateway.close()]);
    assert.equal(gateway.ledger().length, 1);
  });
});

describe('a proxy before the gateway', () => {
  const always = { rate: 1, afterMs: 0, forMs: Number.POSITIVE_INFINITY, passesOn: false };
  const never = (body: string) => assert.throws(() => JSON.parse(body), SyntaxError);

  for (const status of proxyStatuses) {
    it(`says ${status} to everything, and never in JSON`, async () => {
      const { send, look, ledger } = await open({ proxy: { ...always, status } });
      for (const response of [await send(1), await look('1:SMS:1')]) {
        assert.equal(response.status, status);
        never(await response.text());
      }
      assert.deepEqual(ledger(), []);
    });
  }

  it('may pass the request on, and answer all the same', async () => {
    const { send, ledger } = await open({ proxy: { ...always, status: 504, passesOn: true } });
    assert.equal((await send(1)).status, 504);
    assert.equal(ledger().length, 1);
  });

  it('is there for its time only', async () => {
    const later = await open({ proxy: { ...always, status: 404, afterMs: 60_000 } });
    assert.equal((await later.send(1)).status, 200);
    const before = await open({ proxy: { ...always, status: 404, forMs: 1 } });
    await sleep(20);
    assert.equal((await before.send(1)).status, 200);
  });

  it('answers its share of the requests, by the seed', async () => {
    const statuses = async () => {
      const { send } = await open({ proxy: { ...always, status: 502, rate: 0.5 } });
      const seen: number[] = [];
      for (let bill = 1; bill <= 40; bill++) seen.push((await send(bill)).status);
      return seen;
    };
    const seen = await statuses();
    assert.deepEqual(new Set(seen), new Set([200, 502]));
    assert.deepEqual(await statuses(), seen);
  });
});

describe('a gateway with a rate per second', () => {
  it('says 429 to those above, and when to come again', async () => {
    const { send, ledger } = await open({ perSecond: 1, retryAfterS: 2 });
    const startedMs = performance.now();
    const responses = await Promise.all(Array.from({ length: 200 }, (_, bill) => send(bill + 1)));
    const seconds = Math.ceil((performance.now() - startedMs) / 1_000);
    const statuses = responses.map(({ status }) => status);
    assert.ok(statuses.filter((status) => status === 200).length <= 1 + seconds, String(statuses));
    assert.equal(ledger().length, statuses.filter((status) => status === 200).length);
    const refused = responses.find(({ status }) => status === 429);
    assert.equal(refused?.headers.get('retry-after'), '2');
  });
});

describe('the faults of the gateway', () => {
  it('hit requests in their time only', async () => {
    const { send } = await open({ ...all('failBefore'), faultTime: { afterMs: 60_000, forMs: 1 } });
    assert.equal((await send(1)).status, 200);
  });
});

describe('the lookup of the gateway', () => {
  it('names the key that it was asked for', async () => {
    const { send, look } = await open();
    await send(1);
    const bodyOf = async (key: string) => (await look(key)).json();
    assert.deepEqual(await bodyOf('1:SMS:1'), { key: '1:SMS:1', id: 'gateway-1:SMS:1' });
    assert.deepEqual(await bodyOf('2:SMS:1'), { key: '2:SMS:1', status: 'not seen' });
  });

  it('knows its acceptances at once, late or not at all', async () => {
    for (const [options, status] of [
      [{ lookup: 'yes' }, 200],
      [{ lookup: 'lagging', lagMs: 60_000 }, 404],
      [{ lookup: 'lagging', lagMs: 0 }, 200],
      [{ lookup: 'no' }, 405],
    ] as const) {
      const { send, look } = await open(options);
      await send(1);
      assert.equal((await look('1:SMS:1')).status, status);
    }
  });
});
