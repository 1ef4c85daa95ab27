import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { checkMapped } from '../../src/operations/doctor/checkMapped.ts';
import { findMapping, mappingNames } from '../../src/providers/mapped/mappingFiles.ts';
import { createProviders, encodersOf, stopProviders } from '../../src/providers/registry.ts';
import { silentLog } from '../support/capturedLog.ts';
import { claimOf } from '../support/claims.ts';
import { noQuotas, noRates } from '../support/noRates.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { startTestGateway } from '../support/testGateway.ts';

const page = readFileSync(join(projectDir, 'docs', 'providers.md'), 'utf8');
const folder = useTemporaryFolder();

describe('docs/providers.md', () => {
  it('lists each provider that is shipped, with the settings that it needs', () => {
    const rows = [...page.matchAll(/^\| `([\w-]+)`[^|]*\|(.*)$/gm)];
    for (const name of mappingNames(undefined)) {
      const [, , cells = ''] = rows.find(([, first]) => first === name) ?? assert.fail(name);
      const found = findMapping(name, undefined);
      assert.ok(found.kind === 'found');
      const known = Object.keys(found.mapping.settings);
      for (const [, setting = ''] of cells.matchAll(/`([A-Z][A-Z0-9_]+)`/g)) {
        assert.ok(known.includes(setting), `${name} has no ${setting}`);
      }
      const batches = Object.values(found.mapping.send).map(({ batch }) => batch?.most ?? 1);
      const bills = cells.split('|')[1]?.trim().replace(',', '');
      assert.equal(bills, String(Math.max(...batches)), name);
    }
  });

  it('has an example of a list of receipts', () => {
    const [, acme = ''] = /<!-- acme\.json -->\n```json\n(.*?)```/s.exec(page) ?? [];
    const [, receipts = ''] = /<!-- acme\.json receipts -->\n```json\n(.*?)```/s.exec(page) ?? [];
    const whole = { ...JSON.parse(acme), receipts: JSON.parse(receipts) };
    writeFileSync(join(folder, 'listed.json'), JSON.stringify(whole));
    const found = findMapping('listed', folder);
    assert.equal(found.kind, 'found', JSON.stringify(found));
  });

  it('has an example with a signature and batches', () => {
    const [, river = ''] = /<!-- river\.json -->\n```json\n(.*?)```/s.exec(page) ?? [];
    writeFileSync(join(folder, 'river.json'), river);
    const found = findMapping('river', folder);
    assert.equal(found.kind, 'found', JSON.stringify(found));
  });

  it('has an example with files', () => {
    const [, lake = ''] = /<!-- lake\.json -->\n```json\n(.*?)```/s.exec(page) ?? [];
    writeFileSync(join(folder, 'lake.json'), lake);
    const settings = { PROVIDERS_DIR: folder, PROVIDER_EMAIL: 'lake', LAKE_TOKEN: 't', ATTACH_PDF: 'true' };
    const { providers, providerSettings } = loadConfig(settings);
    const { mapping } = providerSettings.mapped.lake ?? assert.fail();
    assert.deepEqual(Object.keys(mapping.send), ['email', 'emailWithFiles']);
    assert.notEqual(encodersOf(providers, providerSettings).EMAIL, undefined);
  });

  it('has an example that sends and looks up', async () => {
    const [, example = ''] = /<!-- acme\.json -->\n```json\n(.*?)```/s.exec(page) ?? [];
    writeFileSync(join(folder, 'acme.json'), example);
    const gateway = await startTestGateway(folder, { token: 'acme-secret' });
    after(() => gateway.close());
    const config = loadConfig({
      PROVIDERS_DIR: folder,
      PROVIDER_SMS: 'acme',
      ACME_TOKEN: 'acme-secret',
      ACME_URL: `http://127.0.0.1:${gateway.port}`,
    });
    const [finding] = await checkMapped(config);
    assert.equal(finding?.verdict, 'ok', finding?.text);
    const options = {
      startDeadlineMs: 5_000,
      sendTimeoutMs: 5_000,
      openRate: noRates,
      openQuota: noQuotas,
      log: silentLog,
    };
    const providers = await createProviders(config.providers, config.providerSettings, options);
    const { module, options: encoding } =
      encodersOf(config.providers, config.providerSettings).SMS ?? assert.fail();
    const { createEncode } = await import(module);
    const claim = claimOf({ channel: 'SMS' });
    const to = '010-1234-5678';
    const body = createEncode(encoding)({ kind: 'text', to, text: '청구서', bytes: 6 }, claim);
    const startDeadline = { unixMs: Date.now() + 5_000, passed: () => false };
    const key = `${claim.billId}:SMS:1`;
    const [sms] = providers.SMS;
    assert.ok(sms);
    const answer = await sms.provider.send({ to, body }, { claim, idempotencyKey: key, startDeadline });
    assert.deepEqual(answer, { kind: 'accepted', providerId: `gateway-${key}` });
    assert.equal(await sms.provider.lookup(key), 'accepted');
    assert.equal(await sms.provider.lookup('77:SMS:1'), 'never');
    await stopProviders(providers);
  });
});
