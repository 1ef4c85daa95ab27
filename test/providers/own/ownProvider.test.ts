import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import type { SendAnswer } from '../../../src/providers/provider.ts';
import { createProviders, encodersOf, stopProviders } from '../../../src/providers/registry.ts';
import { silentLog } from '../../support/capturedLog.ts';
import { claimOf } from '../../support/claims.ts';
import { noQuotas, noRates } from '../../support/noRates.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
const spool = join(projectDir, 'examples/provider/spool.ts');
const inTime = { unixMs: Date.now() + 60_000, passed: () => false };

function write(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return path;
}

async function open(module: string, name: string, sendTimeoutMs = 30_000) {
  const config = loadConfig({ PROVIDER_MODULES: module, PROVIDER_EMAIL: name, SEND_TIMEOUT_MS: '1100' });
  const options = {
    startDeadlineMs: 1_000,
    sendTimeoutMs,
    openRate: noRates,
    openQuota: noQuotas,
    log: silentLog,
  };
  const providers = await createProviders(config.providers, config.providerSettings, options);
  const provider = providers.EMAIL[0]?.provider;
  assert.ok(provider !== undefined);
  return { config, provider, stop: () => stopProviders(providers) };
}

async function answerOf(
  create: string,
  { startDeadline = inTime, sendTimeoutMs = 30_000 } = {},
): Promise<SendAnswer> {
  const name = `p${Math.random().toString(36).slice(2)}`;
  const path = write(
    `${name}.ts`,
    `export default { encode: () => new Uint8Array(), create: () => (${create}) };`,
  );
  const { provider, stop } = await open(path, name, sendTimeoutMs);
  const answer = await provider.send(
    { to: 'a@b.kr' },
    { claim: claimOf(), idempotencyKey: 'k', startDeadline },
  );
  assert.equal(await provider.lookup('k'), 'cannotTell');
  await stop();
  return answer;
}

describe('a provider of the settings', () => {
  it('sends, is looked up, and encodes in the render threads', async () => {
    process.env.SPOOL_DIR = join(folder, 'spool');
    const { config, provider, stop } = await open(spool, 'spool');
    const encoder = encodersOf(config.providers, config.providerSettings).EMAIL;
    assert.ok(encoder !== undefined);
    const { createEncode } = await import(encoder.module);
    const encode = await createEncode(encoder.options);
    const parts = { subject: 's', html: Buffer.from('h'), text: Buffer.from('t') };
    const body = encode({ kind: 'email', to: 'a@b.kr', ...parts }, { billId: '7' });
    const attempt = { claim: claimOf(), idempotencyKey: '7:EMAIL:1', startDeadline: inTime };
    assert.equal(await provider.lookup('7:EMAIL:1'), 'never');
    for (const _again of [1, 2]) {
      assert.equal((await provider.send({ to: 'a@b.kr', body }, attempt)).kind, 'accepted');
    }
    assert.equal(await provider.lookup('7:EMAIL:1'), 'accepted');
    const written = JSON.parse(readFileSync(join(folder, 'spool', '7-EMAIL-1.json'), 'utf8'));
    assert.deepEqual(written, { kind: 'email', to: 'a@b.kr', billId: '7', text: 't' });
    await stop();
  });

  it('that throws or is silent has an unknown outcome, and is not begun too late', async () => {
    const threw = await answerOf(`{ send() { throw new TypeError('hong@example.com'); } }`);
    assert.deepEqual(threw, { kind: 'unknown', reason: 'PROVIDER_THREW', cause: 'TypeError' });
    const silent = await answerOf('{ send: () => new Promise(() => {}), lookup: () => Promise.reject(1) }', {
      sendTimeoutMs: 100,
    });
    assert.deepEqual(silent, { kind: 'unknown', reason: 'PROVIDER_TIME_OUT' });
    const late = { startDeadline: { unixMs: 0, passed: () => true } };
    assert.equal((await answerOf('{ send: () => ({ kind: "accepted" }) }', late)).kind, 'notSent');
  });

  it('passes on no address and no number of a member', async () => {
    const accepted = await answerOf(`{ send: ({ to }) => ({ kind: 'accepted', providerId: 'x-' + to }) }`);
    assert.deepEqual(accepted, { kind: 'accepted', providerId: 'x-***' });
    const said = `{ reason: 'no ' + to, cause: 'no ' + to + ' or 010-1234-5678' }`;
    const refused = await answerOf(`{ send: ({ to }) => ({ kind: 'refused', ...${said} }) }`);
    assert.deepEqual(refused, { kind: 'refused', reason: 'PROVIDER_REASON', cause: 'no or #' });
    const late = `Promise.resolve({ kind: 'accepted', providerId: to })`;
    const unknown = await answerOf(`{ send: ({ to }) => ({ kind: 'unknown', ...${said}, later: ${late} }) }`);
    const later = unknown.kind === 'unknown' ? await unknown.later : undefined;
    assert.deepEqual(later, { kind: 'accepted', providerId: '***' });
  });

  it('must be one, and may not take the name of another', async () => {
    await assert.rejects(open(write('none.ts', 'export default 1;'), 'none'), { code: 'MODULE_INVALID' });
    const taken = write('http.ts', '');
    assert.throws(() => loadConfig({ PROVIDER_MODULES: taken }), /there is a provider http already: rename/);
    assert.throws(() => loadConfig({ PROVIDER_EMAIL: 'nobody' }), /PROVIDER_EMAIL is nobody: choose one of/);
  });
});
