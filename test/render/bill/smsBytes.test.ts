import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { asSmsText } from '../../../src/render/bill/smsBytes.ts';

describe('asSmsText', () => {
  const counted: Readonly<Record<string, number>> = {
    '': 0,
    abc: 3,
    홍길동: 6,
    '쨰 슈 뷁 힣': 11,
    '[빌캐스트] 홍*동님 11월 청구요금 98,900원, 납부기한 2026년 11월 25일': 68,
    '한\n글': 5,
    '￦1,000 … “가” 漢字 ㈜ ™ €': 31,
  };
  for (const [text, bytes] of Object.entries(counted)) {
    it(`counts ${bytes} bytes in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(asSmsText(text), { text, bytes, replaced: [] }));
  }

  const replaced: Readonly<Record<string, readonly [string, string[]]>> = {
    '₩1,000': ['￦1,000', ['₩']],
    'É*** – ok': ['E*** - ok', ['É', '–']],
    '축하 🎉🎉': ['축하 ??', ['🎉']],
    '👨‍👩‍👧*': ['?*', ['👨‍👩‍👧']],
    'Đ***': ['?***', ['Đ']],
    '\u1112\u1169\u11bc': ['홍', ['\u1112\u1169\u11bc']],
  };
  for (const [text, [shown, characters]] of Object.entries(replaced)) {
    it(`makes ${shown} of ${text}`, () => {
      const sms = asSmsText(text);
      assert.deepEqual([sms.text, sms.replaced], [shown, characters]);
    });
  }

  it("has the 17,048 characters beyond ASCII that Python's cp949 has", () => {
    const all = Array.from({ length: 0x1_0000 - 0x80 }, (_, index) => String.fromCharCode(index + 0x80));
    // A line each, so that none is joined to its neighbours.
    assert.equal(all.length - asSmsText(all.join('\n')).replaced.length, 17_048);
  });

  it('gives what is whole in CP949, and counts its bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { text: shown, bytes } = asSmsText(text);
        assert.deepEqual(asSmsText(shown), { text: shown, bytes, replaced: [] });
        assert.ok(bytes >= shown.length && bytes <= 2 * shown.length);
      }),
    );
  });
});
