import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { PoisonReason } from '../../../src/bill.ts';
import { decodeEvent, maxEventBytes } from '../../../src/consumer/intake/decode.ts';
import { anyCharacter } from '../../support/anyCharacter.ts';

describe('decodeEvent', () => {
  it('reads ids as exact text, from numbers and from strings of digits', () => {
    assertEvent('{"memberId": 1, "billId": 2}', '1', '2');
    assertEvent('{"billId":2,"memberId":1}', '1', '2');
    assertEvent('{"memberId":"9223372036854775807","billId":9007199254740991}', maxBigint, maxSafe);
    assertEvent(' \t\r\n{ "memberId" : 10 , "billId" : 20 } \n', '10', '20');
  });

  it('ignores other fields, and nested ids', () => {
    assertEvent(
      '{"memberId":1,"billId":2,"billing":{"billId":9007199254740993},"x":[0.5,-1,null]}',
      '1',
      '2',
    );
  });

  it('takes the last of repeated fields, as JSON.parse does', () => {
    assertEvent('{"memberId":1,"billId":2,"billId":3}', '1', '3');
    assertPoison('{"memberId":1,"billId":2,"billId":null}', 'EVENT_BAD_ID');
  });

  it('drops the leading zeros of a string, so that a bill has one id', () => {
    assertEvent('{"memberId":"007","billId":"00000000000000000000000000042"}', '7', '42');
  });

  it('takes a number literal that is exactly a positive safe integer, however it is written', () => {
    assertEvent('{"memberId":1e3,"billId":1.50E1}', '1000', '15');
    assertEvent('{"memberId":0.001e3,"billId":9007199254740991.000}', '1', maxSafe);
    assertEvent('{"memberId":100e-2,"billId":10.0}', '1', '10');
  });

  for (const id of [
    '9007199254740992',
    '9007199254740993',
    '9007199254740990.9999999999',
    '1e16',
    '1e400',
    '1e-400',
    '1e99999999999999999999',
    '0',
    '-0',
    '0e5',
    '-1',
    '1.5',
    '1e-1',
    'null',
    'true',
    '{}',
    '[1]',
    '""',
    '"0"',
    '"000"',
    '"-1"',
    '"+1"',
    '" 1"',
    '"1.0"',
    '"1e3"',
    '"0x1"',
    '"\u0661"',
    '"9223372036854775808"',
    '"10000000000000000000"',
  ]) {
    it(`refuses ${id} as an id`, () => {
      assertPoison(`{"memberId":1,"billId":${id}}`, 'EVENT_BAD_ID');
      assertPoison(`{"memberId":${id},"billId":1}`, 'EVENT_BAD_ID');
    });
  }

  it('distinguishes what is not JSON from what has no ids', () => {
    for (const text of [
      '{',
      '{"memberId":1,"billId":2',
      '{"memberId":01,"billId":2}',
      'hello',
      ' ',
      "{'a':1}",
    ]) {
      assertPoison(text, 'EVENT_NOT_JSON');
    }
    for (const text of [
      '{}',
      '[]',
      '"text"',
      '12',
      'null',
      'true',
      '{"billId":2}',
      '[{"memberId":1,"billId":2}]',
    ]) {
      assertPoison(text, 'EVENT_BAD_ID');
    }
    assertPoison('{"memberId":1,"__proto__":{"billId":2}}', 'EVENT_BAD_ID');
  });

  it('refuses bytes that are not UTF-8, and blanks that are not JSON', () => {
    const broken = Buffer.concat([
      Buffer.from('{"memberId":1,"billId":2,"x":"'),
      Buffer.of(0xff),
      Buffer.from('"}'),
    ]);
    assert.deepEqual(decodeEvent(broken), { kind: 'poison', reason: 'EVENT_NOT_JSON' });
    assertPoison('{"memberId":1,\u00a0"billId":2}', 'EVENT_NOT_JSON');
    assert.deepEqual(decodeEvent(Buffer.from('{"memberId":1,\xa0"billId":2}', 'latin1')).kind, 'poison');
  });

  it('distinguishes an empty event from one that is too large', () => {
    assert.deepEqual(decodeEvent(null), { kind: 'poison', reason: 'EVENT_EMPTY' });
    assert.deepEqual(decodeEvent(Buffer.alloc(0)), { kind: 'poison', reason: 'EVENT_EMPTY' });
    const padded = (length: number) => '{"memberId":1,"billId":2}'.padEnd(length);
    assertEvent(padded(maxEventBytes), '1', '2');
    assertPoison(padded(maxEventBytes + 1), 'EVENT_TOO_LARGE');
    assert.deepEqual(decodeEvent(Buffer.from(padded(60)), 50), { kind: 'poison', reason: 'EVENT_TOO_LARGE' });
  });

  it('never throws, whatever the bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .string({ unit: anyCharacter, maxLength: 60 })
        .map((text) => Buffer.from(`{"memberId":${text},"billId":2}`)),
    );
    fc.assert(
      fc.property(bytes, (value) => {
        const { kind } = decodeEvent(value);
        assert.ok(kind === 'event' || kind === 'poison');
      }),
      { numRuns: 2_000 },
    );
    assert.equal(decodeEvent(Buffer.from('['.repeat(maxEventBytes))).kind, 'poison');
  });

  it('agrees with the plain reading of every integer, in every notation', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -10n, max: 2n ** 65n }), notation, blank, (id, write, space) => {
        const text = `{${space}"memberId":${space}5,${space}"billId":${write(id)}${space}}`;
        const limit = write === quoted ? 2n ** 63n - 1n : BigInt(Number.MAX_SAFE_INTEGER);
        const isFine = id >= 1n && id <= limit;
        const expected = isFine
          ? { kind: 'event', memberId: '5', billId: String(id) }
          : { kind: 'poison', reason: 'EVENT_BAD_ID' };
        assert.deepEqual(decodeEvent(Buffer.from(text)), expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((json) => json.slice(1)),
    );
    fc.assert(
      fc.property(text, (value) => {
        fc.pre(value !== '');
        const decoded = decodeEvent(Buffer.from(value));
        assert.equal(decoded.kind === 'poison' && decoded.reason === 'EVENT_NOT_JSON', !isJson(value));
      }),
      { numRuns: 2_000 },
    );
  });
});

const maxSafe = '9007199254740991';
const maxBigint = '9223372036854775807';

function assertEvent(text: string, memberId: string, billId: string): void {
  assert.deepEqual(decodeEvent(Buffer.from(text)), { kind: 'event', memberId, billId });
}

function assertPoison(text: string, reason: PoisonReason): void {
  assert.deepEqual(decodeEvent(Buffer.from(text)), { kind: 'poison', reason });
}

type Notation = (id: bigint) => string;
const quoted: Notation = (id) => `"${id}"`;
const plain: Notation = (id) => String(id);
const scientific: Notation = (id) => `${id}.00E0`;
const shifted: Notation = (id) => `${id * 1000n}e-3`;
const notation = fc.constantFrom(quoted, plain, scientific, shifted);
const blank = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 });

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
