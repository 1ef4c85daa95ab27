import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { checkMapped, promisesOf } from '../../../src/operations/doctor/checkMapped.ts';
import { serveHttp } from '../../support/httpServer.ts';
import { postmark, ses } from '../../support/standIns/mailStandIns.ts';
import { resend } from '../../support/standIns/resendStandIn.ts';
import { runStandIn } from '../../support/standIns/standIn.ts';

function configOf(url: string, token = 'pm-token') {
  return loadConfig({
    ...postmark.settings,
    PROVIDER_EMAIL: 'postmark',
    POSTMARK_URL: url,
    POSTMARK_TOKEN: token,
  });
}

describe('doctor, with a provider that a file describes', () => {
  it('reaches it by its look-up, and says what it promises', async () => {
    const running = await runStandIn(postmark);
    const [finding] = await checkMapped(configOf(running.url));
    assert.equal(finding?.verdict, 'ok');
    assert.match(
      finding?.text ?? '',
      /^Postmark answers; email: up to 500 bills per request; no idempotency key; /,
    );
    assert.match(running.requests[0]?.path ?? '', /^\/messages\/outbound\?.*=0%3ANONE%3A0$/);
  });

  it('says what to check if it refuses us, does not answer, or is not there', async () => {
    const refusing = await serveHttp((_request, response) => {
      response.writeHead(401).end('{"ErrorCode":10,"Message":"Bad or missing token"}');
    });
    const [refused] = await checkMapped(configOf(`http://127.0.0.1:${refusing.port}`, 'wrong'));
    assert.equal(refused?.verdict, 'fail');
    assert.match(refused?.text ?? '', /refuses us: HTTP 401.*check POSTMARK_TOKEN$/);
    assert.doesNotMatch(refused?.text ?? '', /wrong/);
    const skewed = await serveHttp((_request, response) => {
      response.writeHead(403, { date: new Date(Date.now() + 600_000).toUTCString() }).end();
    });
    const [clock] = await checkMapped(configOf(`http://127.0.0.1:${skewed.port}`));
    assert.match(clock?.text ?? '', /and the clocks: its own is (600|599) s ahead of this machine's$/);
    const broken = await serveHttp((request) => request.socket.destroy());
    const [silent] = await checkMapped(configOf(`http://127.0.0.1:${broken.port}`));
    assert.match(silent?.text ?? '', /takes a connection and does not answer$/);
    const [absent] = await checkMapped(configOf('http://127.0.0.1:1'));
    assert.match(absent?.text ?? '', /^no connection: ECONNREFUSED 127\.0\.0\.1:1; check its address/);
  });

  it('has nothing to say without one, and says of each what a doubt needs', async () => {
    assert.deepEqual(await checkMapped(loadConfig({})), []);
    const { providerSettings } = loadConfig({ ...ses.settings, PROVIDER_EMAIL: 'ses' });
    const { mapping } = providerSettings.mapped.ses ?? assert.fail();
    assert.match(promisesOf(mapping), /no look-up: a person or a receipt settles a doubt; .*only an event/);
    const filed = loadConfig({ ...resend.settings, PROVIDER_EMAIL: 'resend', ATTACH_PDF: 'true' });
    assert.match(
      promisesOf(filed.providerSettings.mapped.resend?.mapping ?? assert.fail()),
      /^email: up to 100 bills per request; email with a file: one bill per request; /,
    );
  });
});
