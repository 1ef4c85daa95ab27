import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createByteWriter } from '../../../src/render/template/byteWriter.ts';

describe('createByteWriter', () => {
  it('grows, and keeps what was written', () => {
    const out = createByteWriter(1);
    for (let count = 0; count < 1_000; count += 1) {
      out.writeText('가');
      out.writeEscaped('<');
      out.writeBytes(Buffer.from('x'));
    }
    assert.equal(out.length, 8_000);
    assert.equal(out.take().toString(), '가&lt;x'.repeat(1_000));
  });

  it('starts again after take, in other memory', () => {
    const out = createByteWriter(16);
    out.writeText('one');
    const one = out.take();
    out.writeText('two');
    assert.equal(one.toString(), 'one');
    assert.equal(one.byteOffset, 0);
    assert.notEqual(out.take().buffer, one.buffer);
  });

  it('prints into spare memory where it has the room', () => {
    const spare = new ArrayBuffer(32);
    const out = createByteWriter(32, spare);
    out.writeText('one');
    assert.equal(out.take().buffer, spare);
    const larger = createByteWriter(33, spare);
    larger.writeText('two');
    assert.equal(larger.take().toString(), 'two');
    assert.equal(Buffer.from(spare).toString('utf8', 0, 3), 'one');
  });

  it('cuts text off its end', () => {
    const out = createByteWriter(16);
    out.writeText('본문');
    const start = out.length;
    out.writeText('제목');
    assert.equal(out.cutText(start), '제목');
    out.truncate(3);
    assert.equal(out.take().toString(), '본');
  });
});
