import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { createRenderPool, type RenderPool } from '../../src/pool/renderPool.ts';
import { sampleBill, sealedText } from '../../src/render/bill/sampleBill.ts';
import { createFieldCiphers } from '../../src/render/cipher/fieldCiphers.ts';
import { testCipherOptions } from '../render/bill/testCiphers.ts';
import { ourTemplateSet } from '../support/ourTemplates.ts';
import { unrendered } from '../support/unrendered.ts';

const first = testCipherOptions();
const keys = [{ keyId: 'k2', key: randomBytes(32) }, ...first.keys];
const [old, fresh] = [createFieldCiphers(first), createFieldCiphers({ ...first, keys })];

describe('keys that are added while a render pool runs', async () => {
  let asked = 0;
  let hasFresh = false;
  const pool: RenderPool = await createRenderPool({
    threads: 2,
    renderer: { templates: ourTemplateSet, ciphers: first, timeZone: 'Asia/Seoul' },
    async onMissingKey() {
      asked++;
      if (hasFresh) pool.setKeys(keys);
      return hasFresh;
    },
  });
  after(() => pool.stop());
  const bills = [old, fresh, old].map((ciphers) => unrendered(sealedText(sampleBill, ciphers)));
  const kindsOf = async () => (await pool.render('EMAIL', bills)).map(({ kind }) => kind);

  it('open the bills that named them, at once, and the earlier ones too', async () => {
    assert.deepEqual(await kindsOf(), ['email', 'unpreparable', 'email']);
    hasFresh = true;
    assert.deepEqual(await kindsOf(), ['email', 'email', 'email']);
    assert.deepEqual(await kindsOf(), ['email', 'email', 'email']);
    assert.equal(asked, 2, 'nobody is asked for keys that are there');
  });
});
