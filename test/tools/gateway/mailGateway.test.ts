import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { GatewayOptions } from '../../../tools/gateway/gatewayOptions.ts';
import type { InjectedFault } from '../../../tools/gateway/injectedFault.ts';
import { readMailName } from '../../../tools/gateway/mailName.ts';
import { createTestSmtp, sendingTo } from '../../support/smtpProviders.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { noFaults, startTestGateway } from '../../support/testGateway.ts';

const folder = useTemporaryFolder();

/** Sends one mail by our provider, by default with an ENVID. */
async function sendTo(options: Partial<GatewayOptions>, { notify = ['failure'], mails = 1 } = {}) {
  const gateway = await startTestGateway(folder, { smtpPort: 0, ...options });
  const provider = createTestSmtp(`smtp://127.0.0.1:${gateway.smtpPort}?tls=off`, {
    envelope: { from: { name: '', local: 'bill', domain: 'billcast.test' }, bounce: undefined, notify },
    sendTimeoutMs: 1_000,
    replyTimeoutMs: 1_000,
  });
  const kinds: string[] = [];
  for (let mail = 0; mail < mails; mail++) {
    const answer = await provider.send(...sendingTo('kim@example.kr', '가'.repeat(8_000)));
    kinds.push(answer.kind === 'accepted' ? answer.kind : `${answer.kind} ${answer.cause}`);
  }
  await provider.stop();
  await gateway.close();
  const lines = existsSync(gateway.ledgerFile)
    ? readFileSync(gateway.ledgerFile, 'utf8').trim().split('\n')
    : [];
  return { kinds, kind: kinds[0] ?? '', ledger: lines.map((line) => JSON.parse(line).key) };
}

function all(fault: InjectedFault): Partial<GatewayOptions> {
  return { rates: { ...noFaults, [fault]: 1 } };
}

describe('the gateway over SMTP', { concurrency: true }, () => {
  it('writes what it accepts to the ledger under the key of its attempt, on one connection', async () => {
    const { kinds, ledger } = await sendTo({}, { mails: 3 });
    assert.deepEqual(kinds, ['accepted', 'accepted', 'accepted']);
    assert.deepEqual(ledger, ['5:EMAIL:1', '5:EMAIL:1', '5:EMAIL:1']);
    assert.equal((await sendTo({ deduplicate: true }, { mails: 2 })).ledger.length, 1);
    assert.deepEqual((await sendTo({}, { notify: [] })).ledger, ['5:EMAIL:1'], 'by the Message-ID');
  });

  const fates = [
    ['refuse', /^refused/, 0],
    ['tooMany', /^notSent SMTP 452/, 0],
    ['unavailable', /^notSent SMTP 451/, 0],
    ['outOfCredit', /^misconfigured SMTP 550 5\.7\.1/, 0],
    ['failBefore', /^unknown SMTP 421/, 0],
    ['failAfter', /^unknown SMTP 421/, 1],
    ['break', /^unknown/, 1],
    ['hang', /^unknown/, 1],
  ] as const;
  for (const [fault, kind, accepted] of fates) {
    it(`knows the fault ${fault}, and billcast what it means`, async () => {
      const sent = await sendTo(all(fault));
      assert.match(sent.kind, kind);
      assert.equal(sent.ledger.length, accepted);
    });
  }

  it('breaks before the dot, in the dialogue or in the message, and accepts nothing', async () => {
    const seeds = Array.from({ length: 6 }, (_, seed) => seed);
    const sent = await Promise.all(seeds.map((seed) => sendTo({ ...all('breakBefore'), seed })));
    assert.deepEqual(new Set(sent.map(({ kind }) => kind.split(' ')[0])), new Set(['notSent', 'unknown']));
    assert.ok(sent.every(({ ledger }) => ledger.length === 0));
  });

  it('slows down and turns away what is above its rate', async () => {
    const { kinds, ledger } = await sendTo({ perSecond: 2 }, { mails: 4 });
    assert.ok(
      kinds.some((kind) => /^notSent SMTP 452 4\.7\.28/.test(kind)),
      kinds.join(),
    );
    assert.ok(ledger.length < 4);
  });

  it('reads whose a mail is from its token, and knows that of a message which settles no bill', () => {
    const mac = '0123456789abcdef0123';
    const { key, cycle } = readMailName(`42.test.${mac}`) ?? {};
    assert.deepEqual([key, cycle], [`42:EMAIL:0:${mac}`, 0]);
    assert.equal(readMailName(`9223372036854775807.2.email.${mac}`)?.key, '9223372036854775807:EMAIL:2');
    for (const text of ['', '42', `42.1.fax.${mac}`, `42.1.email.${mac}0`, `x42.test.${mac}`]) {
      assert.equal(readMailName(text), undefined, text);
    }
  });
});
