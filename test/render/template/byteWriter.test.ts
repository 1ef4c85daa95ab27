import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createByteWriter } from '../../../src/render/template/byteWriter.ts';
import { htmlEntities, noEntities } from '../../../src/render/template/encodeText.ts';

const none = Buffer.alloc(0);

describe('createByteWriter', () => {
  it('grows, and keeps what was written', () => {
    const out = createByteWriter(1);
    for (let count = 0; count < 1_000; count += 1) {
      out.write(Buffer.from('가'), '<', htmlEntities);
      out.writeBytes(Buffer.from('x'));
    }
    assert.equal(out.length, 8_000);
    assert.equal(out.take().toString(), '가&lt;x'.repeat(1_000));
  });

  it('writes short and long bytes as they are, and text behind them', () => {
    for (const length of [0, 1, 24, 25, 300]) {
      const out = createByteWriter(8);
      out.write(Buffer.alloc(length, 'x'), 'a&b', htmlEntities);
      out.writeBytes(Buffer.alloc(length, 'y'));
      assert.equal(out.take().toString(), `${'x'.repeat(length)}a&amp;b${'y'.repeat(length)}`);
    }
  });

  it('starts again after take, in other memory', () => {
    const out = createByteWriter(16);
    out.write(none, 'one', noEntities);
    const one = out.take();
    out.write(none, 'two', noEntities);
    assert.equal(one.toString(), 'one');
    assert.equal(one.byteOffset, 0);
    assert.notEqual(out.take().buffer, one.buffer);
  });

  it('prints into spare memory if that has the room', () => {
    const spare = new ArrayBuffer(32);
    const out = createByteWriter(32, spare);
    out.write(none, 'one', noEntities);
    assert.equal(out.take().buffer, spare);
    const larger = createByteWriter(33, spare);
    larger.write(none, 'two', noEntities);
    assert.equal(larger.take().toString(), 'two');
    assert.equal(Buffer.from(spare).toString('utf8', 0, 3), 'one');
  });

  it('cuts text off its end', () => {
    const out = createByteWriter(16);
    out.write(none, '본문', noEntities);
    const start = out.length;
    out.write(none, '제목', noEntities);
    assert.equal(out.cutText(start), '제목');
    out.truncate(3);
    assert.equal(out.take().toString(), '본');
  });
});
