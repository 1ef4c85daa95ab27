import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { addressOf } from '../../src/providers/smtp/mailbox.ts';

const relay = { NOTIFY_SMTP_URL: 'smtp://u:p@mail.test:587', NOTIFY_FROM: 'billcast@x.test' };

describe('who is told', () => {
  it('is nobody by default', () => {
    assert.deepEqual(loadConfig({}).notices, { email: undefined, webhook: undefined, publicUrl: undefined });
  });

  it('is told by a mail server of its own, or by that of the bills', () => {
    const told = { NOTIFY_EMAIL: 'ops@x.test, 당직 <oncall@x.test>' };
    const own = loadConfig({ ...told, ...relay }).notices.email;
    assert.deepEqual(own?.to.map(addressOf), ['ops@x.test', 'oncall@x.test']);
    assert.equal(own?.relays[0]?.host, 'mail.test');
    const shared = { ...told, SMTP_URL: 'smtp://relay.test', SMTP_FROM: 'bill@x.test' };
    const { email } = loadConfig(shared).notices;
    assert.deepEqual([email?.relays[0]?.host, email?.from.local], ['relay.test', 'bill']);
  });

  it('must be reachable, and the password must not be seen', () => {
    assert.throws(() => loadConfig({ NOTIFY_EMAIL: 'ops@x.test' }), /NOTIFY_SMTP_URL.*\n.*NOTIFY_FROM/);
    assert.throws(() => loadConfig({ NOTIFY_EMAIL: 'ops', ...relay }), /NOTIFY_EMAIL must be an address/);
    assert.throws(() => loadConfig({ NOTIFY_WEBHOOK_URL: 'ftp://x.test' }), /NOTIFY_WEBHOOK_URL/);
    const exposed = { NODE_ENV: 'production', NOTIFY_SMTP_URL: 'smtp://u:p@mail.test?tls=off' };
    const used = { PROVIDER_EMAIL: 'simulated', PROVIDER_SMS: 'simulated' };
    assert.throws(() => loadConfig({ ...exposed, ...used }), /NOTIFY_SMTP_URL must use STARTTLS/);
  });

  it('gets links to the dashboard if its address is known', () => {
    assert.equal(loadConfig({ PUBLIC_URL: 'https://b.test/' }).notices.publicUrl, 'https://b.test');
  });
});
