import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { judgePoll, judgeReceipts } from '../../../src/operations/doctor/checkReceipts.ts';
import { inboundSecrets } from '../../support/signedWebhooks.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();

const solapi = {
  SOLAPI_API_KEY: 'NCS1',
  SOLAPI_API_SECRET: 'so-secret',
  SOLAPI_FROM: '0212345678',
  SOLAPI_PF_ID: 'KA01PF',
  SOLAPI_TEMPLATE_ID: 'KA01TP',
};
const smtp = { PROVIDER_EMAIL: 'smtp', SMTP_URL: 'smtp://127.0.0.1', SMTP_FROM: 'bills@example.com' };
const bounce = { SMTP_BOUNCE_ADDRESS: 'b@bounces.example.com' };

function judge(environment: Record<string, string>) {
  return judgeReceipts(loadConfig(environment)).map(
    ({ check, verdict, text }) => `${verdict} ${check}: ${text}`,
  );
}

describe('doctor, about receipts', () => {
  it('says by which ways they come, and what to set if they cannot', () => {
    const channels = { CHANNELS: 'EMAIL,ALIMTALK', PROVIDER_ALIMTALK: 'solapi', ...solapi };
    const [email, talk] = judge({ ...channels, ...smtp });
    assert.match(
      email ?? '',
      /^warn receipts EMAIL: smtp: .* set SMTP_BOUNCE_ADDRESS, .* goes on by AlimTalk/,
    );
    assert.equal(talk, 'ok receipts ALIMTALK: solapi: by asking for its list messages');
    const [unread] = judge({ ...channels, ...smtp, ...bounce });
    assert.match(unread ?? '', /^warn receipts EMAIL: smtp: nobody reads .* set INBOUND_LMTP_PORT/);
    const secrets = { INBOUND_SECRETS: `solapi:${inboundSecrets.solapi}`, INBOUND_LMTP_PORT: '8024' };
    assert.deepEqual(judge({ ...channels, ...smtp, ...bounce, ...secrets }), [
      'ok receipts EMAIL: smtp: by mail to SMTP_BOUNCE_ADDRESS',
      'ok receipts ALIMTALK: solapi: by webhook at /inbound/solapi and by asking for its list messages',
    ]);
    const resend = { PROVIDER_EMAIL: 'resend', RESEND_API_KEY: 're_1', RESEND_FROM: 'bills@example.com' };
    assert.match(
      judge(resend)[0] ?? '',
      /^warn .* resend: no webhook can come; set INBOUND_SECRETS=resend:.*, or set RECEIPT_RATES=resend:1 to ask/,
    );
    const [asked] = judge({ ...resend, RECEIPT_RATES: 'resend:1' });
    assert.equal(asked, 'ok receipts EMAIL: resend: by asking about each message');
    const { receipts: _, ...mute } = JSON.parse(readFileSync('providers/nhn-email.json', 'utf8'));
    writeFileSync(join(folder, 'mute.json'), JSON.stringify(mute));
    const nhn = {
      CHANNELS: 'EMAIL',
      NHN_EMAIL_APP_KEY: 'app',
      NHN_EMAIL_SECRET_KEY: 's',
      NHN_EMAIL_FROM: 'bills@example.com',
    };
    const [listed] = judge({ ...nhn, PROVIDER_EMAIL: 'nhn-email' });
    assert.equal(listed, 'ok receipts EMAIL: nhn-email: by asking for its list mails');
    const [silent] = judge({ ...nhn, PROVIDER_EMAIL: 'mute', PROVIDERS_DIR: folder });
    assert.match(
      silent ?? '',
      /^warn .* names no receipts; .* Without receipts nobody knows who got the message$/,
    );
  });

  it('says how far a list is read, and since when it fails', () => {
    const now = new Date('2026-11-28T10:00:00Z');
    const here = { timeZone: 'Asia/Seoul', now };
    const standing = {
      provider: 'solapi',
      poll: 'messages',
      by: 'time',
      readUntil: now,
      behindMs: 150_000,
      polledAt: now,
      fault: null,
      failedSince: null,
    } as const;
    assert.equal(judgePoll(standing, here).text, 'its list messages is read until 3 min ago');
    assert.equal(judgePoll({ ...standing, behindMs: 7_200_000 }, here).verdict, 'warn');
    const failing = { ...standing, fault: 'HTTP 401', failedSince: new Date('2026-11-28T09:55:00Z') };
    assert.equal(judgePoll(failing, here).verdict, 'warn');
    const { verdict, text } = judgePoll({ ...failing, failedSince: new Date('2026-11-28T09:00:00Z') }, here);
    assert.equal(verdict, 'fail');
    assert.match(text, /it has failed since 2026-11-28 18:00:00 \(Asia\/Seoul\): HTTP 401; check/);
  });
});
