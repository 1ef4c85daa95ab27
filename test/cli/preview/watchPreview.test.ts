import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { PreviewView } from '../../../src/cli/preview/previewView.ts';
import { watchPreview } from '../../../src/cli/preview/watchPreview.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { sampleText } from '../../../src/operations/preview.ts';
import { exhaustive } from '../../support/exhaustive.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const dir = useTemporaryFolder();

describe('watchPreview', exhaustive, () => {
  const shown: PreviewView[] = [];
  const views = Array.from({ length: 2 }, () => Promise.withResolvers<void>());
  let preview: Awaited<ReturnType<typeof watchPreview>>;

  before(async () => {
    cpSync(join(projectDir, 'templates/bill'), join(dir, 'water'), { recursive: true });
    const config = loadConfig({ TEMPLATES_DIR: dir, TEMPLATE: 'water' });
    preview = await watchPreview({
      config,
      text: await sampleText(config),
      title: 'The sample bill',
      port: 0,
      onView: (view) => views[shown.push(view) - 1]?.resolve(),
    });
  });
  after(() => preview.stop());

  it('shows each message, and again when a file changes, with what is wrong', async () => {
    const page = await fetch(preview.url);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'.*script-src 'nonce-/);
    assert.match(await page.text(), /The sample bill.*98,900|KB of the 102/s);
    const part = (query: string) => fetch(`${preview.url}part?${query}`);
    const sms = await part('language=en&channel=SMS');
    assert.match(await sms.text(), /^\[Billcast\] .*, November bill KRW 98,900, due/);
    const html = await part('language=ko&channel=EMAIL&part=html');
    assert.match(html.headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/);
    assert.match(await html.text(), /요금 청구서/);
    writeFileSync(join(dir, 'water/ko/sms.txt'), '{{nobody}}');
    await views[1]?.promise;
    const [, refused] = shown;
    assert.ok(refused?.kind === 'refused');
    assert.match(refused.message, /water\/ko\/sms\.txt:1: there is no "nobody"/);
  });

  it('answers nobody who does not know the address, and no other site', async () => {
    const { port, pathname } = new URL(preview.url);
    const statusOf = (path: string, host: string) =>
      new Promise((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.on('error', reject).end();
      });
    assert.equal(await statusOf('/', `127.0.0.1:${port}`), 404);
    assert.equal(await statusOf(pathname, 'evil.example'), 404);
    assert.equal(await statusOf(pathname, `localhost:${port}`), 200);
  });
});
