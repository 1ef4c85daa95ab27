import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { readMailbox } from '../../../src/providers/smtp/mailbox.ts';
import { type PlainMail, sendPlainMail } from '../../../src/providers/smtp/plainMail.ts';
import { readRelays } from '../../../src/providers/smtp/relayUrl.ts';
import { type RawSmtpOptions, startRawSmtp } from '../../support/rawSmtp.ts';

const servers: { close(): Promise<void> }[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function open(options?: RawSmtpOptions) {
  const server = await startRawSmtp(options);
  servers.push(server);
  return { ...server, url: `smtp://127.0.0.1:${server.port}?tls=off` };
}

const mail: PlainMail = {
  from: readMailbox('billcast <billcast@x.test>'),
  to: [readMailbox('ops@x.test'), readMailbox('당직 <oncall@x.test>')],
  subject: '[billcast] 이메일 발송 중지',
  text: 'Sending is stopped.\n무엇을 할지',
  messageId: 'notice-1-2',
};

function send(urls: string, changes: Partial<PlainMail> = {}) {
  const session = { name: undefined, secureContext: undefined, nextToken: undefined };
  return sendPlainMail({ ...mail, ...changes }, { relays: readRelays(urls), session, timeLimitMs: 2_000 });
}

describe('a mail to people', () => {
  it('goes to all of them, with its own Message-ID', async () => {
    const { url, accepted, commands } = await open();
    assert.equal(await send(url), 0);
    const [{ text = '' } = {}] = accepted;
    assert.match(text, /^Message-ID: <notice-1-2@x\.test>$/m);
    assert.match(text, /^Auto-Submitted: auto-generated$/m);
    assert.equal(commands.filter((line) => line.startsWith('RCPT TO')).length, 2);
  });

  it('goes by the next server if one fails', async () => {
    const away = await open({ replies: { greeting: '554 5.3.2 no service' } });
    const { url, accepted } = await open();
    assert.equal(await send(`${away.url},${url}`), 0);
    assert.equal(accepted.length, 1);
  });

  it('says how many addresses were refused', async () => {
    const { url } = await open({
      repliesFor: (to) => (to.includes('ops') ? { rcpt: '550 5.1.1 <ops@x.test> unknown' } : {}),
    });
    assert.equal(await send(url), 1);
  });

  it('fails with a cause that names no address', async () => {
    const { url, port } = await open({ replies: { rcpt: '550 5.7.1 <ops@x.test>: relaying denied' } });
    const { url: slow } = await open({ messageDelayMs: () => undefined });
    await assert.rejects(send(url), (error: Error) => {
      assert.match(error.message, new RegExp(`^127\\.0\\.0\\.1:${port}: SMTP 550 5\\.7\\.1: `));
      assert.doesNotMatch(error.message, /ops|oncall/);
      return true;
    });
    await assert.rejects(send('smtp://127.0.0.1:1?tls=off'), { message: 'ECONNREFUSED 127.0.0.1:1' });
    await assert.rejects(
      sendPlainMail(mail, {
        relays: readRelays(slow),
        session: { name: undefined, secureContext: undefined, nextToken: undefined },
        timeLimitMs: 100,
      }),
      /no answer in time/,
    );
  });
});
