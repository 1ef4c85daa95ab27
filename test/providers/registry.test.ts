import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { channelNames, perChannel } from '../../src/channels.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { checkLedger } from '../../src/operations/doctor/checkLedger.ts';
import {
  createProviders,
  encodersOf,
  providerShape,
  secretProviderSettings,
  stopProviders,
} from '../../src/providers/registry.ts';
import { captureLog, silentLog } from '../support/capturedLog.ts';
import { noQuotas, noRates } from '../support/noRates.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const folder = useTemporaryFolder();

function create(environment: Record<string, string>, log = silentLog) {
  const config = loadConfig({ SIMULATED_LEDGER: join(folder, 'ledger.jsonl'), ...environment });
  const options = {
    startDeadlineMs: 1_000,
    sendTimeoutMs: 1_000,
    openRate: noRates,
    openQuota: noQuotas,
    log,
  };
  return createProviders(config.providers, config.providerSettings, options);
}

describe('the registry of providers', () => {
  it('creates the provider that each channel names, each kind once', async () => {
    const mixed = await create({ PROVIDER_EMAIL: 'http', HTTP_EMAIL_URL: 'http://127.0.0.1:1/mail' });
    const namesOf = (channel: 'EMAIL' | 'SMS') => mixed[channel].map(({ name, route }) => [name, route]);
    assert.deepEqual([namesOf('EMAIL'), namesOf('SMS')], [[['http', 'EMAIL']], [['simulated', 'SMS']]]);
    await stopProviders(mixed);
    const simulated = await create({});
    assert.equal(simulated.EMAIL[0]?.provider, simulated.SMS[0]?.provider, 'one ledger for all channels');
    await stopProviders(simulated);
  });

  it('says at the start, and in doctor, that the ledger cannot be written', async () => {
    const cannot = /cannot be written, so (it|the simulated provider) accepts nothing/;
    for (const file of [folder, join(import.meta.filename, 'below', 'ledger.jsonl')]) {
      const { log, warnings } = captureLog();
      await stopProviders(await create({ SIMULATED_LEDGER: file }, log));
      assert.match(warnings().join(), cannot);
      const [finding] = checkLedger(loadConfig({ SIMULATED_LEDGER: file }));
      assert.equal(finding?.verdict, 'fail');
      assert.match(finding.text, cannot);
    }
    assert.deepEqual(checkLedger(loadConfig({ SIMULATED_LEDGER: join(folder, 'new', 'ledger.jsonl') })), []);
  });

  it('creates several for one channel, with their weights', async () => {
    const several = await create({
      PROVIDER_EMAIL: 'http:80,simulated:20',
      HTTP_EMAIL_URL: 'http://127.0.0.1:1/mail',
    });
    assert.deepEqual(
      several.EMAIL.map(({ route, weight, provider }) => [route, weight, provider.name]),
      [
        ['EMAIL/http', 80, 'http'],
        ['EMAIL/simulated', 20, 'simulated'],
      ],
    );
    await stopProviders(several);
  });

  it('has a URL, a token and a trust per channel, and keeps secrets out of the environment', () => {
    for (const channel of channelNames) {
      for (const setting of ['URL', 'TOKEN', 'LOOKUP']) {
        assert.ok(Object.hasOwn(providerShape, `HTTP_${channel}_${setting}`));
      }
      assert.ok(secretProviderSettings.includes(`HTTP_${channel}_TOKEN`));
    }
    for (const secret of secretProviderSettings) assert.ok(Object.hasOwn(providerShape, secret), secret);
  });

  it('creates a provider that a file describes, with an encoder of its own', async () => {
    const environment = {
      PROVIDER_EMAIL: 'postmark',
      POSTMARK_TOKEN: 't',
      POSTMARK_FROM: 'bills@example.com',
    };
    const { providerSettings, providers } = loadConfig(environment);
    const encoder = encodersOf(providers, providerSettings).EMAIL;
    assert.ok(encoder !== undefined);
    const { createEncode } = await import(encoder.module);
    assert.equal(typeof createEncode(encoder.options), 'function');
    assert.doesNotMatch(JSON.stringify(encoder.options), /"t"/, 'no header, which may hold a secret');
    const created = await create(environment);
    assert.equal(created.EMAIL[0]?.provider.name, 'postmark');
    await stopProviders(created);
  });

  it('says which providers there are, and what a file lacks', () => {
    assert.throws(() => loadConfig({ PROVIDER_SMS: 'solapy' }), /PROVIDER_SMS is solapy: .*http, .*solapi/);
    assert.throws(() => loadConfig({ PROVIDERS_DIR: '/nowhere' }), /PROVIDERS_DIR: \/nowhere is no folder/);
    assert.throws(() => loadConfig({ PROVIDER_SMS: 'solapi' }), /SOLAPI_API_SECRET must be set: /);
    assert.throws(() => loadConfig({ PROVIDER_SMS: 'postmark' }), /postmark, which sends email only/);
  });

  it('names encoders that can be loaded by a render thread', async () => {
    const { providerSettings } = loadConfig({});
    const shareOf = (name: string) => [{ name, weight: 1 }];
    const named = { ...perChannel(() => shareOf('simulated')), EMAIL: shareOf('http') };
    const { EMAIL, SMS } = encodersOf(named, providerSettings);
    assert.equal(SMS, undefined);
    assert.ok(EMAIL !== undefined);
    const { createEncode } = await import(EMAIL.module);
    assert.equal(typeof createEncode(EMAIL.options), 'function');
  });
});
