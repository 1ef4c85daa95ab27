import assert from 'node:assert/strict';
import { createHash, hkdfSync } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  compareContentHash,
  contentHashBytes,
  createContentHasher,
  type MessageContent,
  openContentKey,
} from '../../../src/render/proof/contentHasher.ts';
import type { Edition } from '../../../src/render/proof/edition.ts';
import { anyCharacter } from '../../support/anyCharacter.ts';

const material = Buffer.alloc(32, 7);
const opened = openContentKey({ keyId: 'k1', key: material });
const edition: Edition = {
  encoding: 1,
  template: 'ab'.repeat(32),
  language: 'ko',
  program: '1.2.3',
  timeZone: 'Asia/Seoul',
  currency: 'KRW',
  hasLink: true,
  keyId: 'k1',
  keyCheck: opened.keyCheck,
};
const hidden = [plain('due'), { name: 'items', items: [plain('amount')] }, plain('paid')];

function plain(name: string) {
  return { name, items: undefined };
}

function hasherOf(changes: Partial<Edition> = {}, fields = hidden) {
  const { key } = opened;
  return createContentHasher({ key, edition: { ...edition, ...changes }, channel: 'EMAIL', hidden: fields });
}

const link = 'https://bills.example.com/b/sig.42.1.20000';
const view = { due: null, items: [{ amount: '1원' }, { amount: '😀' }], paid: true, viewUrl: link };
const content: MessageContent = { to: 'a@b.kr', title: '청구서', text: '홍*동', view };

describe('the hash of a message', () => {
  it('is the hash that docs/proof.md describes', () => {
    const facts = [1, edition.template, 'ko', '1.2.3', 'Asia/Seoul', 'KRW', true, 'k1', opened.keyCheck];
    const digest = createHash('sha256')
      .update(JSON.stringify(['billcast edition', ...facts]))
      .digest();
    const text = (value: string) => Buffer.concat([Buffer.from(value), Buffer.from([0xff])]);
    const bytes = [
      ...[digest, text('EMAIL'), text('청구서'), text('홍*동')],
      ...[Buffer.from([0xfe, 0xfb, 0xfa]), text('1원'), Buffer.from([0xfa]), text('😀')],
      Buffer.from([0xf9, 0xfd]),
    ];
    const key = Buffer.from(hkdfSync('sha256', material, '', 'billcast content proof', 32));
    const derived = (message: Buffer) =>
      createHash('sha256')
        .update(Buffer.from([0, 0, 0, 1]))
        .update(key)
        .update(message)
        .digest();
    assert.equal(opened.keyCheck, derived(Buffer.from('check')).toString('hex', 0, 8));
    const said = derived(Buffer.concat(bytes)).subarray(0, 24);
    const address = derived(Buffer.concat([text(said.toString('latin1')), text('a@b.kr')])).subarray(0, 8);
    const expected = [digest.subarray(0, 8), said, address];
    const found = hasherOf()(content);
    assert.equal(found.length, contentHashBytes);
    assert.equal(Buffer.from(found, 'latin1').toString('hex'), Buffer.concat(expected).toString('hex'));
  });

  it('is the same for a text and its bytes, of any length, and for any link in it', () => {
    const hash = hasherOf();
    const long = '청구서 😀 '.repeat(2_000);
    for (const [before, after] of [
      ['', ''],
      ['보기 ', ' 끝'],
      [long, long],
    ] as const) {
      const text = `${before}${link}${after}${link}`;
      const known = hash({ ...content, text });
      assert.equal(hash({ ...content, text: Buffer.from(text) }), known);
      const other = `${link}0`;
      const otherText = `${before}${other}${after}${other}`;
      assert.equal(
        hash({ ...content, text: Buffer.from(otherText), view: { ...view, viewUrl: other } }),
        known,
      );
    }
  });

  it('changes with each of its parts, and with what it is printed with', () => {
    const hash = hasherOf();
    const known = hash(content);
    assert.equal(hash({ ...content, view: { ...view, other: 1 } }), known);
    const others = [
      hash({ ...content, to: 'a@b.krr' }),
      hash({ ...content, title: '청구' }),
      hash({ ...content, text: '홍*돈' }),
      hash({ ...content, view: { ...view, due: '' } }),
      hash({ ...content, view: { ...view, items: [{ amount: '1원' }] } }),
      hash({ ...content, view: { ...view, items: [] } }),
      hash({ ...content, view: { ...view, paid: 0 } }),
      hasherOf({ program: '1.2.4' })(content),
      hasherOf({ language: 'en' })(content),
      hasherOf({ currency: 'USD' })(content),
    ];
    assert.equal(new Set([known, ...others]).size, others.length + 1);
  });

  it('is the same only for the same values, whatever they are', () => {
    const fields = [plain('a'), { name: 'b', items: [plain('c'), plain('d')] }, plain('e')];
    const hash = hasherOf({}, fields);
    const value = fc.oneof(fc.string({ unit: anyCharacter, maxLength: 3 }), fc.constant(null));
    const list = fc.array(fc.record({ c: value, d: value }), { maxLength: 2 });
    const views = fc.record({ a: value, b: list, e: value });
    // A lone surrogate is printed as U+FFFD, so it is hashed as that.
    const printed = (one: unknown) =>
      JSON.stringify(one, (_, each) => (typeof each === 'string' ? each.toWellFormed() : each));
    fc.assert(
      fc.property(views, views, (one, other) => {
        const isSame = hash({ ...content, view: one }) === hash({ ...content, view: other });
        assert.equal(isSame, printed(one) === printed(other));
      }),
      { numRuns: 40 },
    );
  });

  it('tells a change of the address from one of what the message says', () => {
    const hash = hasherOf();
    const recorded = hash(content);
    const compare = (change: Partial<MessageContent>) => {
      const now = { ...content, ...change };
      const { said, address } = compareContentHash(opened.key, recorded, {
        contentHash: hash(now),
        to: now.to,
      });
      return [said, address];
    };
    assert.deepEqual(compare({}), [false, false]);
    assert.deepEqual(compare({ to: 'b@b.kr' }), [false, true]);
    assert.deepEqual(compare({ text: '홍*돈' }), [true, false]);
    assert.deepEqual(compare({ to: 'b@b.kr', title: '' }), [true, true]);
  });

  it('is made with a key that differs from the one that seals', () => {
    assert.notEqual(opened.keyCheck, openContentKey({ keyId: 'k1', key: Buffer.alloc(32, 8) }).keyCheck);
    assert.notDeepEqual(opened.key.export(), material);
  });
});
