import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createViewLinks } from '../../../src/render/link/viewLinks.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const otherKey = Buffer.alloc(32, 8).toString('base64');
const options = { url: 'https://bills.kr', keys: [key], days: 90 };
const links = createViewLinks(options);
const datedAtMs = Date.UTC(2026, 10, 3, 9);
const now = new Date(Date.UTC(2026, 10, 4));

function tokenOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

describe('view links', () => {
  const url = links.urlOf({ billId: '1000000000', cycle: 1, datedAtMs });

  it('lead to one bill and cycle, and are the same whenever they are printed', () => {
    assert.deepEqual(links.open(tokenOf(url), now), {
      kind: 'good',
      bill: { billId: '1000000000', cycle: 1 },
    });
    assert.equal(links.urlOf({ billId: '1000000000', cycle: 1, datedAtMs: datedAtMs + 3_600_000 }), url);
    assert.notEqual(links.urlOf({ billId: '1000000000', cycle: 2, datedAtMs }), url);
  });

  it('are short, and end with a digit', () => {
    assert.match(url, /^https:\/\/bills\.kr\/b\/[\w-]{22}\.1000000000\.1\.\d+$/);
    assert.ok(url.length < 70, url);
    assert.ok(
      createViewLinks({ ...options, url: 'https://x.kr/' })
        .urlOf({ billId: '1', cycle: 1 })
        .startsWith('https://x.kr/b/'),
    );
  });

  it('expire after the last day', () => {
    const lastDay = Math.floor(datedAtMs / 86_400_000) + 90;
    const open = (day: number) => links.open(tokenOf(url), new Date(day * 86_400_000 + 86_399_999)).kind;
    assert.deepEqual([open(lastDay), open(lastDay + 1)], ['good', 'expired']);
  });

  it('are good under an older key, and not under another', () => {
    const rotated = createViewLinks({ ...options, keys: [otherKey, key] });
    assert.equal(rotated.open(tokenOf(url), now).kind, 'good');
    assert.notEqual(rotated.urlOf({ billId: '1000000000', cycle: 1, datedAtMs }), url);
    assert.equal(createViewLinks({ ...options, keys: [otherKey] }).open(tokenOf(url), now).kind, 'forged');
  });

  it('are forged if anything in them is changed', () => {
    const token = tokenOf(url);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'0123456789.-_aZ'), (at, character) => {
        const changed = token.slice(0, at) + character + token.slice(at + 1);
        // The last character of Base64 has bits that are not used.
        fc.pre(changed !== token && at !== 21);
        assert.equal(links.open(changed, now).kind, 'forged', changed);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => links.open(text, now).kind === 'forged'));
  });
});
