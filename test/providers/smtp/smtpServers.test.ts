import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { readSessionSettings } from '../../../src/providers/smtp/sessionSettings.ts';
import { certificatePath, readCertificate } from '../../support/certificates.ts';
import { createTestSmtp, sendingTo } from '../../support/smtpProviders.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
const certificate = { key: readCertificate('server.key'), cert: readCertificate('server.pem') };

interface Talk {
  readonly server: SMTPServerOptions;
  /** The URL, with PORT in place of the port. */
  readonly url: string;
  readonly caFile?: string;
  readonly tokenFile?: string;
}

/** Sends one message to a server that others wrote. */
async function talk({ server: options, url, caFile, tokenFile }: Talk) {
  const logins: string[] = [];
  const taken: { readonly text: string; readonly secure: boolean }[] = [];
  const server = new SMTPServer({
    ...certificate,
    onAuth({ method, username, password, accessToken }, _session, done) {
      logins.push(`${method} ${username} ${password ?? accessToken}`);
      const isRight = password === 's:e,cret' || accessToken === 'token-1';
      done(isRight ? null : new Error('no'), isRight ? { user: username } : undefined);
    },
    onData(stream, { secure }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({ text: Buffer.concat(chunks).toString(), secure });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const token = tokenFile === undefined ? undefined : ({ from: 'file', file: tokenFile } as const);
  const tls = { caFile, certFile: undefined, keyFile: undefined };
  const provider = createTestSmtp(url.replace('PORT', String(port)), {
    session: readSessionSettings({ name: 'billing.test', token, tls }),
  });
  const answer = await provider.send(...sendingTo('kim@example.kr'));
  await provider.stop();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return { answer, logins, taken };
}

const caFile = certificatePath('ca.pem');
const login = encodeURIComponent('s:e,cret');

describe('a server of others', { concurrency: true }, () => {
  it('is spoken to by STARTTLS, with a login by PLAIN or LOGIN', async () => {
    for (const method of ['PLAIN', 'LOGIN']) {
      const url = `smtp://bill%40x:${login}@localhost:PORT?auth=${method.toLowerCase()}`;
      const { answer, logins, taken } = await talk({
        server: { authMethods: ['PLAIN', 'LOGIN'] },
        url,
        caFile,
      });
      assert.equal(answer.kind, 'accepted');
      assert.deepEqual(logins, [`${method} bill@x s:e,cret`]);
      assert.ok(
        taken.length === 1 && taken[0]?.secure && taken[0].text.startsWith('Message-ID: <5.1.email.'),
      );
    }
  });

  it('is spoken to by TLS from the first byte, with a token by XOAUTH2', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'token-1\n');
    const url = 'smtps://bill%40x@localhost:PORT?auth=xoauth2';
    const server = { secure: true, authMethods: ['XOAUTH2'] };
    const { answer, logins } = await talk({ server, url, caFile, tokenFile });
    assert.deepEqual([answer.kind, logins], ['accepted', ['XOAUTH2 bill@x token-1']]);
    const missing = await talk({ server, url, caFile, tokenFile: join(folder, 'nowhere') });
    assert.deepEqual(missing.answer, {
      kind: 'misconfigured',
      reason: 'SMTP_NO_TOKEN',
      cause: 'SMTP_TOKEN_FILE gave no token: ENOENT.',
      scope: 'settings',
    });
  });

  it('is spoken to by TLS one command after the other, if it takes no more at a time', async () => {
    for (const [url, secure] of [
      ['smtp://localhost:PORT', false],
      ['smtps://localhost:PORT', true],
    ] as const) {
      const server = { secure, authOptional: true, hidePIPELINING: true };
      const { answer, taken } = await talk({ server, url, caFile });
      assert.deepEqual([answer.kind, taken.length, taken[0]?.secure], ['accepted', 1, true]);
    }
  });

  it('gets nothing if the password is wrong, or TLS cannot be had or believed', async () => {
    const wrong = await talk({ server: {}, url: 'smtp://bill:wrong@localhost:PORT', caFile });
    assert.ok(wrong.answer.kind === 'misconfigured' && wrong.answer.scope === 'settings');
    assert.match(wrong.answer.cause ?? '', /^SMTP 535/);
    const plain = { disabledCommands: ['STARTTLS', 'AUTH'], hideSTARTTLS: true };
    const without = await talk({ server: plain, url: 'smtp://localhost:PORT', caFile });
    assert.equal(without.answer.kind, 'misconfigured');
    const strange = await talk({ server: { authOptional: true }, url: 'smtp://localhost:PORT' });
    assert.ok(strange.answer.kind === 'notSent' && strange.answer.trouble === 'unreachable');
    const relaxed = await talk({ server: plain, url: 'smtp://localhost:PORT?tls=opportunistic', caFile });
    assert.equal(relaxed.answer.kind, 'accepted');
    assert.deepEqual(
      [wrong, without, strange].flatMap(({ taken }) => taken),
      [],
    );
  });
});
