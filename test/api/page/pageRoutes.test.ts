import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { createTestApi } from '../../support/testApi.ts';

const budgetBytes = 120_000;

describe('the page', () => {
  it('is one document under a policy that lets it run its own files only', async () => {
    const app = await createTestApi();
    const answer = await app.inject('/');
    assert.equal(answer.statusCode, 200);
    const policy = String(answer.headers['content-security-policy']);
    const [, importMap = ''] = /<script type="importmap">(.*?)<\/script>/s.exec(answer.body) ?? [];
    const hash = createHash('sha256').update(importMap).digest('base64');
    assert.match(policy, /^default-src 'none'; /);
    assert.ok(policy.includes(`script-src 'self' 'sha256-${hash}';`));
    assert.doesNotMatch(policy, /unsafe|https?:/);
    for (const url of ['/failures', '/bills/42', '/actions/x', '/audit']) {
      assert.equal((await app.inject(url)).body, answer.body);
    }
    assert.equal((await app.inject('/elsewhere')).statusCode, 404);
  });

  it('sends all that it needs in less than its budget, to be kept for ever', async () => {
    const app = await createTestApi();
    const { body } = await app.inject('/');
    const urls = new Set([...body.matchAll(/"(\/dashboard\/[^"]+)"/g)].map(([, url = '']) => url));
    let bytes = body.length;
    for (const url of urls) {
      const file = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
      assert.equal(file.statusCode, 200, url);
      assert.match(String(file.headers['cache-control']), /immutable/);
      assert.equal(file.headers['content-encoding'], 'gzip');
      bytes += file.rawPayload.length;
    }
    assert.ok(urls.size > 40);
    assert.ok(bytes < budgetBytes, `${bytes} bytes`);
  });

  it('serves nothing else of the disk', async () => {
    const app = await createTestApi();
    const [, folder = ''] = /href="(\/dashboard\/[^/]+)\//.exec((await app.inject('/')).body) ?? [];
    for (const path of ['tsconfig.json', '../../package.json', '%2e%2e/%2e%2e/package.json', 'nothing.ts']) {
      assert.equal((await app.inject(`${folder}/${path}`)).statusCode, 404, path);
    }
    assert.equal((await app.inject('/dashboard/older/startPage.ts')).statusCode, 404);
  });
});
