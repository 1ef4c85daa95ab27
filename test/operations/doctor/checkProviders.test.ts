import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { checkProviders } from '../../../src/operations/doctor/checkProviders.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();

async function checked(environment: Record<string, string>): Promise<string[]> {
  return (await checkProviders(loadConfig(environment))).map(({ check }) => check);
}

describe('doctor, about providers', () => {
  const notThere = {
    SIMULATED_LEDGER: folder,
    HTTP_EMAIL_URL: 'http://127.0.0.1:1/email',
    SMTP_URL: 'smtp://127.0.0.1:1',
    SMTP_FROM: 'bill@billcast.invalid',
    HTTP_CONCURRENCY: '10',
  };

  it('tries those that a channel of the list uses, and no other', async () => {
    const used = await checked({ ...notThere, PROVIDER_EMAIL: 'http' });
    assert.deepEqual(used.sort(), ['gateway EMAIL', 'ledger']);
    const alone = { ...notThere, CHANNELS: 'EMAIL', PROVIDER_EMAIL: 'http', PROVIDER_SMS: 'smtp' };
    assert.deepEqual(await checked(alone), ['gateway EMAIL']);
    assert.deepEqual(await checked({ SIMULATED_LEDGER: join(folder, 'ledger.jsonl') }), []);
  });
});
