import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, describe, it } from 'node:test';
import type { Channel } from '../../src/channels.ts';
import type { UnrenderedBill } from '../../src/pool/messages.ts';
import {
  createRenderPool,
  type RenderOutcome,
  type RenderPool,
  type RenderPoolOptions,
} from '../../src/pool/renderPool.ts';
import { loadedText } from '../../src/render/bill/parseSourceBill.ts';
import { sampleBill, sealedText } from '../../src/render/bill/sampleBill.ts';
import { createFieldCiphers } from '../../src/render/cipher/fieldCiphers.ts';
import { contentHashBytes } from '../../src/render/proof/contentHasher.ts';
import { addedUp } from '../render/bill/addedUp.ts';
import { testCipherOptions } from '../render/bill/testCiphers.ts';
import { exhaustive } from '../support/exhaustive.ts';
import { ourTemplateSet, withFiles } from '../support/ourTemplates.ts';
import { unrendered } from '../support/unrendered.ts';

const templates = ourTemplateSet;
const cipherSettings = testCipherOptions();
const ciphers = createFieldCiphers(cipherSettings);
const settings: RenderPoolOptions = {
  threads: 2,
  renderer: { templates, ciphers: cipherSettings, timeZone: 'Asia/Seoul' },
};

/** A bill of this member, with the member's id in the address. */
function billOf(memberId: string): UnrenderedBill {
  return unrendered(
    sealedText(
      { ...sampleBill, memberId, member: { ...sampleBill.member, email: `${memberId}@b.kr` } },
      ciphers,
    ),
  );
}

function shown(rendered: readonly RenderOutcome[]): string[] {
  return rendered.map((bill) => {
    if (bill.kind === 'suspect') return bill.kind;
    return bill.kind === 'unpreparable' ? bill.reason : bill.to;
  });
}

function hashOf(bill: RenderOutcome | undefined): string | undefined {
  return bill !== undefined && 'contentHash' in bill ? bill.contentHash : undefined;
}

/** As the pipeline does: suspects alone, after the others. */
async function renderFully(
  pool: RenderPool,
  channel: Channel,
  bills: readonly UnrenderedBill[],
): Promise<string[]> {
  const rendered = await pool.render(channel, bills);
  const known = rendered.map((outcome, index) =>
    outcome.kind === 'suspect' ? pool.renderSuspect(channel, bills[index] ?? unrendered('')) : outcome,
  );
  return shown(await Promise.all(known));
}

describe('a render pool', async () => {
  const pool = await createRenderPool(settings);
  after(() => pool.stop());

  it('renders a batch in its order, each bill with its own HTML and text', async () => {
    const members = Array.from({ length: 300 }, (_, index) => `m${index}`);
    const rendered = await pool.render('EMAIL', members.map(billOf));
    assert.deepEqual(
      shown(rendered),
      members.map((member) => `${member}@b.kr`),
    );
    for (const [index, bill] of rendered.entries()) {
      assert.ok(bill.kind === 'email');
      const masked = members[index]?.replace(/^(..).+$/, '$1****');
      assert.match(bill.html.toString(), /^<!doctype html>.*<\/html>\s*$/s);
      assert.ok(bill.html.includes(`${masked}@b.kr`));
      assert.ok(bill.text.toString().startsWith('빌캐스트 텔레콤'));
      assert.ok(bill.text.includes(`${masked}@b.kr`));
    }
  });

  it('hashes what each message says, and hashes it the same again', async () => {
    const members = ['m1', 'm2', 'm1'];
    const [first, other, again] = (await pool.render('EMAIL', members.map(billOf))).map(hashOf);
    assert.equal(first?.length, contentHashBytes);
    assert.equal(again, first);
    assert.notEqual(other, first);
    const [text] = (await pool.render('SMS', [billOf('m1')])).map(hashOf);
    assert.equal(text?.length, contentHashBytes);
  });

  it('prints batches into the same memory, and shows nothing of it to an earlier one', async () => {
    // Of two bills: with room for the one that follows, whichever thread prints it.
    const [first] = await pool.render('EMAIL', ['first', 'other'].map(billOf));
    assert.ok(first?.kind === 'email');
    const { html } = first;
    const memory = html.buffer.byteLength;
    first.release();
    first.release();
    const [second] = await pool.render('EMAIL', [billOf('second')]);
    assert.ok(second?.kind === 'email' && second.html.includes('se****@b.kr'));
    assert.equal(second.html.buffer.byteLength, memory);
    assert.equal(html.length, 0);
  });

  it('gives back what cannot be prepared at its place', async () => {
    const incomplete = unrendered(loadedText({ ...sampleBill, bill: null }));
    const rendered = await pool.render('EMAIL', [billOf('a'), incomplete, billOf('b')]);
    assert.deepEqual(shown(rendered), ['a@b.kr', 'BILL_INCOMPLETE', 'b@b.kr']);
  });

  it('renders SMS, and nothing for nothing', async () => {
    assert.deepEqual(shown(await pool.render('SMS', [billOf('a')])), ['010-1234-5678']);
    assert.deepEqual(await pool.render('EMAIL', []), []);
  });

  it('renders bills as large as they may be', async () => {
    const item = { category: 'SUBSCRIPTION', subcategory: null, name: '가'.repeat(80), amount: 1 } as const;
    const items = Array.from({ length: 30_000 }, () => item);
    const large = sealedText(addedUp({ ...sampleBill, items }), ciphers);
    assert.ok(large.length > 3_000_000 && large.length < 4_000_000);
    const rendered = await pool.render('EMAIL', Array(8).fill(unrendered(large)));
    assert.ok(rendered.every((bill) => bill.kind === 'email' && bill.html.length > 3_000_000));
  });

  it('takes more batches at once than it has threads', async () => {
    const batches = Array.from({ length: 20 }, (_, index) => `batch${index}`);
    const rendered = await Promise.all(batches.map((member) => pool.render('EMAIL', [billOf(member)])));
    assert.deepEqual(
      rendered.flatMap(shown),
      batches.map((member) => `${member}@b.kr`),
    );
  });
});

describe('a render pool whose provider has an encoder', async () => {
  const module = new URL('../../src/providers/http/encodeMessage.ts', import.meta.url).href;
  const pool = await createRenderPool({
    ...settings,
    encoders: { EMAIL: { module } },
  });
  after(() => pool.stop());

  it("gives each message as its provider sends it, in memory that is nobody else's", async () => {
    const members = Array.from({ length: 300 }, (_, index) => `m${index}`);
    const rendered = await pool.render('EMAIL', members.map(billOf));
    assert.deepEqual(
      shown(rendered),
      members.map((member) => `${member}@b.kr`),
    );
    for (const [index, bill] of rendered.entries()) {
      assert.ok(bill.kind === 'encoded' && bill.body.byteLength === bill.body.buffer.byteLength);
      const { html, text, ...head } = JSON.parse(Buffer.from(bill.body).toString());
      const to = `${members[index]}@b.kr`;
      assert.deepEqual(
        { ...head, subject: '' },
        { billId: 5, memberId: 7, channel: 'EMAIL', cycle: 1, to, subject: '' },
      );
      const masked = `${members[index]?.replace(/^(..).+$/, '$1****')}@b.kr`;
      assert.equal(hashOf(bill)?.length, contentHashBytes);
      assert.ok(
        /^<!doctype html>.*<\/html>\s*$/s.test(html) && html.includes(masked) && text.includes(masked),
      );
    }
  });

  it('gives back what cannot be prepared at its place, and other channels as they are', async () => {
    const incomplete = unrendered(loadedText({ ...sampleBill, bill: null }));
    const rendered = await pool.render('EMAIL', [billOf('a'), incomplete, billOf('b')]);
    assert.deepEqual(shown(rendered), ['a@b.kr', 'BILL_INCOMPLETE', 'b@b.kr']);
    const [text] = await pool.render('SMS', [billOf('a')]);
    assert.equal(text?.kind, 'text');
  });

  it('marks a message that settles no bill, and keeps the address that it was rendered for', async () => {
    const test = {
      keySuffix: 'rehearsal:2026-11',
      to: 'qa@company.kr',
      subjectPrefix: '[REHEARSAL] ',
      textPrefix: '',
    };
    const [bill, other] = [billOf('a'), billOf('b')];
    const marked = { ...bill, bill: { claim: { ...bill.bill.claim, cycle: 0, test } } };
    const rendered = await pool.render('EMAIL', [marked, other]);
    assert.deepEqual(shown(rendered), ['a@b.kr', 'b@b.kr']);
    const [first, second] = rendered.map((one) =>
      one.kind === 'encoded' ? JSON.parse(Buffer.from(one.body).toString()) : one,
    );
    assert.deepEqual(
      [first.to, first.cycle, first.subject],
      ['qa@company.kr', 0, `[REHEARSAL] ${second.subject}`],
    );
    assert.deepEqual([second.to, second.cycle], ['b@b.kr', 1]);
  });

  it('encodes a suspect too', async () => {
    assert.equal((await pool.renderSuspect('EMAIL', billOf('a'))).kind, 'encoded');
  });
});

describe('keys that are added while a render pool runs', () => {
  it('open the bills that named them, at once, and the earlier ones too', async (t) => {
    const keys = [{ keyId: 'k2', key: randomBytes(32) }, ...cipherSettings.keys];
    const fresh = createFieldCiphers({ ...cipherSettings, keys });
    let asked = 0;
    let hasFresh = false;
    const pool: RenderPool = await createRenderPool({
      ...settings,
      async onMissingKey() {
        asked++;
        if (hasFresh) pool.setKeys(keys);
        return hasFresh;
      },
    });
    t.after(() => pool.stop());
    const bills = [ciphers, fresh, ciphers].map((own) => unrendered(sealedText(sampleBill, own)));
    const kindsOf = async () => (await pool.render('EMAIL', bills)).map(({ kind }) => kind);
    assert.deepEqual(await kindsOf(), ['email', 'unpreparable', 'email']);
    hasFresh = true;
    assert.deepEqual(await kindsOf(), ['email', 'email', 'email']);
    assert.deepEqual(await kindsOf(), ['email', 'email', 'email']);
    assert.equal(asked, 2, 'nobody is asked for keys that are there');
  });
});

describe('a bill that threads die of', exhaustive, async () => {
  const pool = await createRenderPool({
    ...settings,
    threadUrl: new URL('./faultyThread.ts', import.meta.url),
    timeoutMs: 2_000,
    maxHeapMb: 64,
  });
  after(() => pool.stop());

  for (const fault of ['exit', 'hang', 'memory']) {
    it(`comes back as crashed (${fault}), and the others of its batch are rendered`, async () => {
      const bills = ['a', 'b', fault, 'c'].map(billOf);
      const rendered = shown(await pool.render('EMAIL', bills));
      assert.equal(rendered[2], 'suspect');
      assert.deepEqual(await renderFully(pool, 'EMAIL', bills), [
        'a@b.kr',
        'b@b.kr',
        'RENDER_CRASHED',
        'c@b.kr',
      ]);
      assert.equal(pool.suspects, 0);
    });
  }

  it('comes back as crashed alone, first and last, and several of them', async () => {
    assert.deepEqual(await renderFully(pool, 'SMS', [billOf('exit')]), ['RENDER_CRASHED']);
    assert.deepEqual(await renderFully(pool, 'EMAIL', ['exit', 'a', 'exit', 'b', 'exit'].map(billOf)), [
      'RENDER_CRASHED',
      'a@b.kr',
      'RENDER_CRASHED',
      'b@b.kr',
      'RENDER_CRASHED',
    ]);
  });

  it('does no harm to other batches', async () => {
    const [faulty, sound] = await Promise.all([
      renderFully(pool, 'EMAIL', ['exit', 'a'].map(billOf)),
      renderFully(pool, 'EMAIL', ['b', 'c'].map(billOf)),
    ]);
    assert.deepEqual(faulty, ['RENDER_CRASHED', 'a@b.kr']);
    assert.deepEqual(sound, ['b@b.kr', 'c@b.kr']);
  });

  it('keeps no other bill from being rendered while it is tried alone', async () => {
    const alone = pool.renderSuspect('EMAIL', billOf('hang'));
    assert.equal(pool.suspects, 1);
    const others = Array.from({ length: 10 }, (_, index) =>
      renderFully(pool, 'EMAIL', [billOf(`m${index}`)]),
    );
    const first = await Promise.race([
      alone.then(() => 'the suspect'),
      Promise.all(others).then(() => 'the others'),
    ]);
    assert.equal(first, 'the others');
    assert.deepEqual(shown([await alone]), ['RENDER_CRASHED']);
  });

  it('is rendered after all, if it was not its fault', async () => {
    assert.deepEqual(shown([await pool.renderSuspect('SMS', billOf('a'))]), ['010-1234-5678']);
  });
});

describe('slow bills', exhaustive, async () => {
  const pool = await createRenderPool({
    ...settings,
    threadUrl: new URL('./faultyThread.ts', import.meta.url),
    timeoutMs: 4_000,
  });
  after(() => pool.stop());

  it('take their time: 200 of 25 ms are all rendered, and none is suspected', async () => {
    const rendered = await pool.render(
      'SMS',
      Array.from({ length: 200 }, () => billOf('slow')),
    );
    assert.deepEqual(new Set(shown(rendered)), new Set(['010-1234-5678']));
    assert.equal(rendered.length, 200);
  });
});

describe('the start of a render pool', () => {
  it('fails for a wrong template', async () => {
    const wrong = withFiles({ 'ko/email.txt': '{{nobody}}' });
    await assert.rejects(
      createRenderPool({ ...settings, renderer: { ...settings.renderer, templates: wrong } }),
      {
        code: 'TEMPLATE_INVALID',
        message: /ko\/email\.txt:1/,
      },
    );
  });

  it('fails for a wrong key', async () => {
    const wrong = testCipherOptions({ keys: [{ keyId: 'k1', key: Buffer.alloc(3) }] });
    await assert.rejects(
      createRenderPool({ ...settings, renderer: { ...settings.renderer, ciphers: wrong } }),
      {
        code: 'CIPHER_FAILED',
      },
    );
  });

  it('fails for what a thread cannot be put together from', async () => {
    const wrong = { ...settings.renderer, timeZone: 'Nowhere' };
    await assert.rejects(createRenderPool({ ...settings, renderer: wrong }), { code: 'RENDER_POOL_FAILED' });
  });

  it('fails, and does not hang, for a thread that cannot be loaded', async () => {
    const threadUrl = new URL('./throwingThread.ts', import.meta.url);
    await assert.rejects(createRenderPool({ ...settings, threadUrl }), { code: 'RENDER_POOL_FAILED' });
  });
});

describe('the end of a render pool', () => {
  it('lets what was begun end, may be called twice, and takes nothing more', async () => {
    const pool = await createRenderPool(settings);
    const begun = Array.from({ length: 5 }, () => pool.render('EMAIL', [billOf('a')]));
    await Promise.all([pool.stop(), pool.stop()]);
    assert.deepEqual((await Promise.all(begun)).flatMap(shown), Array(5).fill('a@b.kr'));
    await assert.rejects(pool.render('EMAIL', [billOf('a')]), { code: 'RENDER_POOL_FAILED' });
  });
});
