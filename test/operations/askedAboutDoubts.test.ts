import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { isAskedAbout, providersWithLookup } from '../../src/operations/askedAboutDoubts.ts';

const smtp = { SMTP_URL: 'smtp://127.0.0.1', SMTP_FROM: 'bills@example.com' };

function isAsked(PROVIDER_EMAIL: string, provider: string | null, channel: 'EMAIL' | 'SMS' = 'EMAIL') {
  return isAskedAbout(providersWithLookup(loadConfig({ PROVIDER_EMAIL, ...smtp })), { channel, provider });
}

describe('a bill in doubt', () => {
  it('is asked about at its own provider, if that is set and has a look-up', () => {
    assert.equal(isAsked('simulated:50,smtp:50', 'simulated'), true);
    assert.equal(isAsked('simulated:50,smtp:50', 'smtp'), false);
    assert.equal(isAsked('simulated', 'ses'), false);
    assert.equal(isAsked('smtp', 'simulated'), false);
  });

  it('of an unknown provider is asked about only if its channel has just one', () => {
    assert.equal(isAsked('simulated', null), true);
    assert.equal(isAsked('simulated:50,smtp:50', null), false);
    assert.equal(isAsked('smtp', null), false);
    assert.equal(isAsked('smtp', null, 'SMS'), true);
  });
});
