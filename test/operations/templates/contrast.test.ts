import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Color,
  contrastOf,
  neededContrast,
  readColor,
} from '../../../src/operations/templates/contrast.ts';

const channel = fc.integer({ min: 0, max: 255 });
const color = fc.tuple(channel, channel, channel) satisfies fc.Arbitrary<Color>;

describe('contrast', () => {
  it('is as WCAG gives it', () => {
    assert.equal(contrastOf([0, 0, 0], [255, 255, 255]), 21);
    assert.equal(contrastOf([119, 119, 119], [255, 255, 255]).toFixed(2), '4.48');
    assert.equal(contrastOf([118, 118, 118], [255, 255, 255]).toFixed(2), '4.54');
  });

  it('is the same both ways, 1 to 21', () => {
    fc.assert(
      fc.property(color, color, (first, second) => {
        const ratio = contrastOf(first, second);
        assert.equal(ratio, contrastOf(second, first));
        assert.ok(ratio >= 1 && ratio <= 21);
      }),
    );
  });

  it('may be weaker for large text', () => {
    const needed = [neededContrast(16, false), neededContrast(24, false), neededContrast(19, true)];
    assert.deepEqual(needed, [4.5, 3, 3]);
  });

  it('reads the colours of e-mails, and says which it does not know', () => {
    for (const text of ['#FFF', '#ffffff', 'white', ' rgb(255, 255, 255) ', 'rgb(255 255 255)']) {
      assert.deepEqual(readColor(text), [255, 255, 255], text);
    }
    for (const text of ['', '#ffff', 'inherit', 'var(--x)', 'rgba(0,0,0,0.5)']) {
      assert.equal(readColor(text), undefined, text);
    }
  });
});
