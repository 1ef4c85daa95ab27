import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { checkMailServers, judgeSender } from '../../../src/operations/doctor/checkMailServers.ts';
import { readSenderDns } from '../../../src/providers/smtp/senderDns.ts';
import { type RawSmtpOptions, startRawSmtp } from '../../support/rawSmtp.ts';

async function check(options: RawSmtpOptions, query = '?tls=off', user = '') {
  const server = await startRawSmtp(options);
  const config = loadConfig({
    PROVIDER_EMAIL: 'smtp',
    SMTP_URL: `smtp://${user}127.0.0.1:${server.port}${query}`,
    SMTP_FROM: 'bill@billcast.invalid',
  });
  const [relay] = await checkMailServers(config);
  await server.close();
  assert.equal(relay?.check, `relay 127.0.0.1:${server.port}`);
  return `${relay?.verdict}: ${relay?.text}`;
}

describe('the check of mail servers', () => {
  it('says whether a relay takes us, and what to do if not', async () => {
    assert.match(await check({}), /^warn: it takes mail, but not encrypted/);
    assert.match(await check({}, ''), /^fail: SMTP 500.*it offers no STARTTLS/);
    assert.match(await check({ replies: { greeting: '554 go away' } }), /^fail: SMTP 554.*may send/);
    assert.match(await check({}, '?tls=off&auth=plain', 'bill:x@'), /^fail: SMTP 500/);
  });

  it('finds what DNS says of the sender', async () => {
    const records: Record<string, string[][]> = {
      'example.kr': [['google-site'], ['v=spf1 include:', 'relay.kr -all']],
      '_dmarc.example.kr': [['v=DMARC1; p=reject']],
      's1._domainkey.example.kr': [['v=DKIM1; k=rsa; p=MII']],
    };
    const resolveTxt = async (name: string) => {
      const found = records[name];
      if (found === undefined) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' });
      return found;
    };
    const dkim = { domain: 'example.kr', selector: 's1' };
    const verdictsOf = (facts: Awaited<ReturnType<typeof readSenderDns>>) =>
      judgeSender('bill.example.kr', facts).map(({ check: name, verdict }) => `${name} ${verdict}`);
    const found = await readSenderDns(
      { envelope: 'example.kr', header: 'bill.example.kr', dkim },
      resolveTxt,
    );
    assert.deepEqual(found.spf, { kind: 'found', record: 'v=spf1 include:relay.kr -all' });
    assert.deepEqual(verdictsOf(found), ['SPF ok', 'DKIM ok', 'DMARC ok']);
    const none = { envelope: 'other.kr', header: 'other.kr', dkim: undefined };
    assert.deepEqual(verdictsOf(await readSenderDns(none, resolveTxt)), [
      'SPF warn',
      'DKIM ok',
      'DMARC warn',
    ]);
    const away = async () => Promise.reject(Object.assign(new Error('away'), { code: 'ESERVFAIL' }));
    assert.deepEqual(verdictsOf(await readSenderDns(none, away)), ['SPF ok', 'DKIM ok', 'DMARC ok']);
  });
});
