import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:https';
import { after, describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import {
  checkGateways,
  judgeGatewayClock,
  judgeOpenFiles,
  judgeTrust,
} from '../../../src/operations/doctor/checkGateways.ts';
import type { Finding } from '../../../src/operations/doctor/finding.ts';
import type { GatewayOptions } from '../../../tools/gateway/gatewayOptions.ts';
import { certificatePath, readCertificate } from '../../support/certificates.ts';
import { listen, serveHttp, serveTcp } from '../../support/httpServer.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { startTestGateway } from '../../support/testGateway.ts';

const folder = useTemporaryFolder();
const gateways: { close(): Promise<void> }[] = [];
after(() => Promise.all(gateways.map((gateway) => gateway.close())));

/** What the doctor says of a gateway for e-mail, as `verdict: text`. */
async function examine(url: string, settings: Record<string, string> = {}): Promise<string> {
  const email = { PROVIDER_EMAIL: 'http', HTTP_EMAIL_URL: url, SEND_TIMEOUT_MS: '1100' };
  // The number of files that a process may open is the machine's.
  const few = { HTTP_CONCURRENCY: '100' };
  const config = loadConfig({ ...email, ...few, SIMULATED_DELAY_MS: '0', ...settings });
  const findings = await checkGateways(config, ['EMAIL']);
  assert.ok(findings.every(({ check }: Finding) => check === 'gateway EMAIL'));
  return findings.map(({ verdict, text }) => `${verdict}: ${text}`).join('\n');
}
async function open(options: Partial<GatewayOptions> = {}): Promise<string> {
  const gateway = await startTestGateway(folder, options);
  gateways.push(gateway);
  return gateway.url;
}
async function answering(status: number, body = '', headers = {}): Promise<string> {
  const { port } = await serveHttp((_request, response) => response.writeHead(status, headers).end(body));
  return `http://127.0.0.1:${port}/mail`;
}

describe('the doctor at a gateway', { concurrency: true }, () => {
  it('is content with one that speaks the protocol', async () => {
    const url = await open({ token: 't' });
    const settings = { HTTP_EMAIL_TOKEN: 't', HTTP_EMAIL_LOOKUP: 'authoritative' };
    assert.equal(
      await examine(url, settings),
      'ok: it answers, also to look-ups (HTTP_EMAIL_LOOKUP=authoritative)',
    );
    assert.match(
      await examine(await answering(405)),
      /^ok: it answers \(HTTP 405 to a look-up, which is not used\)/,
    );
  });

  it('says that there is no connection, why, and what to do', async () => {
    const silent = await serveTcp(() => undefined);
    const says = await Promise.all([
      ...[examine('https://typo.invalid/mail'), examine('http://127.0.0.1:1/mail')],
      examine('http://127.0.0.1:1/mail', { HTTP_PROXY_URL: 'http://127.0.0.1:1' }),
      ...['http', 'https'].map((scheme) =>
        examine(`${scheme}://127.0.0.1:${silent.port}/`, { SEND_TIMEOUT_MS: '300' }),
      ),
    ]);
    assert.match(
      says[0] ?? '',
      /^fail: no connection: ENOTFOUND typo\.invalid; check the host.*and the DNS$/,
    );
    assert.match(says[1] ?? '', /^fail: no connection: ECONNREFUSED 127\.0\.0\.1:1; nothing listens there/);
    assert.match(says[2] ?? '', /^fail: no connection/);
    assert.match(says[3] ?? '', /^fail: .+ does not answer$/);
    assert.match(says[4] ?? '', /^fail: no connection in time.*|^fail: no connection: no connection in time/);
  });

  it('says what is wrong with the certificates', async () => {
    const key = readCertificate('server.key');
    const serve = async (cert: string, options = {}) => {
      const server = createTlsServer({ key, cert, ...options }, (_request, response) => response.end());
      return `https://localhost:${(await listen(server)).port}/mail`;
    };
    const url = await serve(readCertificate('server.pem'));
    const ca = { HTTP_CA_FILE: certificatePath('ca.pem') };
    assert.match(await examine(url), /^fail: .*; set HTTP_CA_FILE to the authority of its certificate$/);
    assert.match(await examine(url, ca), /^ok: /);
    assert.match(await examine(await serve(readCertificate('expired.pem')), ca), /CERT_HAS_EXPIRED.*renew/);
    const asks = await serve(readCertificate('server.pem'), {
      requestCert: true,
      rejectUnauthorized: true,
      ca: readCertificate('ca.pem'),
    });
    assert.match(await examine(asks, ca), /^fail: .*HTTP_CERT_FILE and HTTP_KEY_FILE$/);
    const plain = new URL(await open());
    plain.protocol = 'https:';
    assert.match(await examine(plain.href), /^fail: .*it speaks no TLS there/);
    assert.match(
      await examine(url, { HTTP_CA_FILE: '/nowhere.pem' }),
      /^fail: .*HTTP_CA_FILE cannot be read: ENOENT/,
    );
  });

  it('says what a status means', async () => {
    const said = new Map<number, RegExp>([
      [302, /^warn: HTTP 302: wrong: redirects are not followed/],
      [401, /^fail: it refuses us: HTTP 401: wrong; check HTTP_EMAIL_TOKEN/],
      [402, /^fail: HTTP 402: wrong: pay/],
      [503, /^warn: HTTP 503: wrong: it, or what is behind the proxy, has a problem/],
    ]);
    for (const [status, says] of said) assert.match(await examine(await answering(status, 'wrong')), says);
    const page = '<title>400 The plain HTTP request was sent to HTTPS port</title>';
    assert.match(
      await examine(await answering(400, page)),
      /^warn: HTTP 400: .*HTTPS port; .*should be https$/,
    );
  });

  it('warns of a look-up that proves nothing, and of one that lies', async () => {
    const login = await answering(200, '<title>Sign in</title>');
    const settings = { HTTP_EMAIL_LOOKUP: 'advisory' };
    assert.match(
      await examine(login, settings),
      /^warn: it answers a look-up with HTTP 200: Sign in, which proves nothing/,
    );
    assert.match(await examine(login), /^ok: /);
    const liar = await answering(200, '{"key":"0:EMAIL:0","id":"1"}');
    for (const more of [settings, {}]) {
      assert.match(await examine(liar, more), /^fail: .*a bill that does not exist/);
    }
  });

  it('warns of a clock that is wrong', async () => {
    const date = new Date(Date.now() + 30_000).toUTCString();
    assert.match(
      await examine(await answering(405, '', { date })),
      /\nwarn: its clock is \d\d s ahead of this machine/,
    );
    const probe = { key: '', outcome: { kind: 'broken', because: 'TIME_OUT' } } as const;
    for (const clockAheadMs of [undefined, 1_900, -1_900]) {
      assert.deepEqual(judgeGatewayClock('SMS', { ...probe, clockAheadMs }), []);
    }
    const [behind] = judgeGatewayClock('SMS', { ...probe, clockAheadMs: -60_000 });
    assert.match(behind?.text ?? '', /60 s behind/);
  });

  it('warns of an authority that is believed soon', () => {
    assert.equal(judgeTrust('EMAIL', 'authoritative', 15_000).length, 1);
    assert.deepEqual(judgeTrust('EMAIL', 'authoritative', 60_000), []);
    assert.deepEqual(judgeTrust('EMAIL', 'advisory', 15_000), []);
  });

  it('warns if the process may not open a file per request', () => {
    assert.match(
      judgeOpenFiles(8_000, { limit: 1_024, routes: 2 })[0]?.text ?? '',
      /enough for 256 requests .* instead of 8000: raise/,
    );
    assert.deepEqual(judgeOpenFiles(8_000, { limit: 20_000, routes: 2 }), []);
    assert.deepEqual(judgeOpenFiles(8_000, { limit: undefined, routes: 2 }), []);
  });
});
