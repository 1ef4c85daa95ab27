import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { pagePackages } from '../../../src/api/page/pageFiles.ts';
import { createTestApi } from '../../support/testApi.ts';

it('the charts load in a browser whose language is none, as with LANG=C', async () => {
  const app = await createTestApi();
  const [, folder = ''] = /href="(\/dashboard\/[^/]+)\//.exec((await app.inject('/')).body) ?? [];
  const { body: text } = await app.inject(`${folder}/${pagePackages.uplot}`);
  const browser = {
    navigator: { language: 'C' },
    devicePixelRatio: 1,
    matchMedia: () => ({ addEventListener: () => undefined }),
    addEventListener: () => undefined,
    document: {},
    CustomEvent,
    dispatchEvent: () => true,
  };
  const load = (script: string): unknown =>
    runInNewContext(script.replace('export default uPlot;', 'uPlot'), { ...browser, window: browser });
  assert.equal(typeof load(text), 'function');
  assert.throws(() => load(text.slice(text.indexOf('\n'))), { name: 'RangeError' }, 'as it was');
});
