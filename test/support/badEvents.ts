import { isUtf8 } from 'node:buffer';
import type { PoisonReason } from '../../src/bill.ts';
import { maxEventBytes } from '../../src/consumer/intake/decode.ts';
import { type Choices, createRandom, type Random } from '../../src/sample/random.ts';

/** Makes values of events, one worse than the other, from a seed. */
export function createBadEvents(seed: number): () => Buffer | null {
  const random = createRandom(seed, 1n);
  return () => random.pick(makers)(random);
}

/** What a plain reading of the contract makes of a value: BigInts and JSON.parse, slow and obvious. */
export function plainReading(
  value: Buffer | null,
): { memberId: string; billId: string } | Exclude<PoisonReason, 'EVENT_MEMBER_MISMATCH' | 'BILL_UNKNOWN'> {
  if (value === null || value.length === 0) return 'EVENT_EMPTY';
  if (value.length > maxEventBytes) return 'EVENT_TOO_LARGE';
  const parsed = parse(value);
  if (parsed === undefined) return 'EVENT_NOT_JSON';
  const [memberId, billId] = [idOf(parsed.ids.get('memberId')), idOf(parsed.ids.get('billId'))];
  return memberId === undefined || billId === undefined ? 'EVENT_BAD_ID' : { memberId, billId };
}

type Maker = (random: Random) => Buffer | null;

function bytesOf(random: Random, most: number): Buffer {
  return Buffer.from(Array.from({ length: random.integer(0, most) }, () => random.integer(0, 255)));
}

const ids: Choices<string> = [
  '0',
  ...[
    '0',
    '-1',
    '1.5',
    '1e3',
    '1e400',
    '-1e-400',
    '1E+2',
    '12e-1',
    '120e-1',
    '0.1e1',
    '1e99999999999',
    '00',
    '-0',
  ],
  ...[
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '9223372036854775807',
    '18446744073709551616',
  ],
  ...[
    '"1"',
    '"007"',
    '"9223372036854775807"',
    '"9223372036854775808"',
    '""',
    '"1e3"',
    '" 1"',
    '"\\u0031"',
    '"１"',
  ],
  ...[
    'null',
    'true',
    '[]',
    '[1]',
    '{}',
    '{"billId":1}',
    '"\\ud800"',
    '"constructor"',
    'NaN',
    'Infinity',
    '0x10',
    '1n',
  ],
];

const fields: Choices<string> = [
  '"billId":7',
  ...['"__proto__":{"billId":1,"memberId":1}', '"constructor":{"prototype":{"billId":1}}', '"toString":1'],
  ...[
    '"hasOwnProperty":null',
    '"billId":7',
    '"memberId":7',
    '"billid":7',
    '"billId\\u0000":7',
    '"bill\\u0049d":8',
  ],
  ...[
    '"x":[[[[{}]]]]',
    '"y":1e999',
    '"z":"\\ud800\\u202e<b>"',
    '"":""',
    '"toJSON":"x"',
    '"length":1e9',
    '"valueOf":{}',
  ],
];

function idOfRandom(random: Random): string {
  return random.chance(0.5) ? random.pick(ids) : String(random.integer(1, 4_000));
}

/** An object with ids of every kind, repeated and strange fields, in any order. */
function strangeObject(random: Random): string {
  const parts = [`"memberId":${idOfRandom(random)}`, `"billId":${idOfRandom(random)}`];
  for (let count = random.integer(0, 3); count > 0; count--) {
    parts.splice(random.integer(0, parts.length), 0, random.pick(fields));
  }
  if (random.chance(0.1)) parts.splice(random.integer(0, parts.length - 1), 1);
  const blank = random.pick(['', '', ' ', '\n\t', '\u00a0', '\ufeff']);
  return `${blank}{${blank}${parts.join(`,${blank}`)}}${blank}`;
}

const mutated: Maker = (random) => {
  const bytes = Buffer.from(random.chance(0.5) ? '{"memberId":12,"billId":34}' : strangeObject(random));
  for (let count = random.integer(1, 3); count > 0; count--) {
    bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
  }
  return bytes;
};

const cutOff: Maker = (random) => {
  const bytes = Buffer.from(strangeObject(random));
  const start = random.integer(0, bytes.length);
  return bytes.subarray(random.chance(0.5) ? 0 : start, random.chance(0.5) ? start : bytes.length);
};

/** Nested far from the depth at which a stack ends, which differs per process, or too large anyway. */
const deep: Maker = (random) => {
  const depth = random.chance(0.9) ? random.integer(1, 1_000) : maxEventBytes;
  const [open, close] = random.pick<[string, string]>([
    ['[', ']'],
    ['{"a":', '}'],
    ['[', ''],
  ]);
  return Buffer.from(`{"memberId":1,"billId":2,"x":${open.repeat(depth)}1${close.repeat(depth)}}`);
};

const invalidUtf8: Maker = (random) => {
  const broken = random.pick(['ff', 'c0af', 'eda080', 'f4908080', 'e282', '80', 'f8888080']);
  return Buffer.concat([
    Buffer.from('{"memberId":1,"billId":2,"x":"'),
    Buffer.from(broken, 'hex'),
    Buffer.from('"}'),
  ]);
};

const aroundTheLimit: Maker = (random) =>
  Buffer.from('{"memberId":1,"billId":2}'.padEnd(maxEventBytes + random.integer(-1, 2)));

const makers: Choices<Maker> = [
  (random) => bytesOf(random, 120),
  (random) => Buffer.from(strangeObject(random)),
  (random) => Buffer.from(strangeObject(random)),
  (random) => Buffer.from(strangeObject(random), random.pick(['utf16le', 'latin1'])),
  ...[mutated, mutated, cutOff, invalidUtf8],
  (random) => (random.chance(0.3) ? deep(random) : mutated(random)),
  (random) => (random.chance(0.3) ? aroundTheLimit(random) : cutOff(random)),
  (random) => (random.chance(0.5) ? null : Buffer.alloc(0)),
];

/** A JSON number as it is written. */
interface Literal {
  readonly literal: string;
}

function parse(value: Buffer): { ids: ReadonlyMap<string, unknown> } | undefined {
  if (!isUtf8(value)) return undefined;
  const keepLiterals = (_key: string, found: unknown, context?: { source?: string }): unknown =>
    typeof found === 'number' ? { literal: context?.source ?? '' } : found;
  try {
    const parsed: unknown = JSON.parse(value.toString().replace(/^\ufeff/, ''), keepLiterals);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return { ids: new Map(isObject ? Object.entries(parsed) : []) };
  } catch {
    return undefined;
  }
}

function idOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return /^[0-9]+$/.test(value) ? within(BigInt(value), 2n ** 63n - 1n) : undefined;
  }
  if (!isLiteral(value)) return undefined;
  return within(integerOf(value.literal), 2n ** 53n - 1n);
}

function isLiteral(value: unknown): value is Literal {
  return (
    typeof value === 'object' && value !== null && 'literal' in value && typeof value.literal === 'string'
  );
}

function within(id: bigint, limit: bigint): string | undefined {
  return id >= 1n && id <= limit ? String(id) : undefined;
}

/** 0 if it is no whole number, or is far from any id. */
function integerOf(literal: string): bigint {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const scale = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  if (Math.abs(scale) > 20_000) return 0n;
  if (scale >= 0) return digits * 10n ** BigInt(scale);
  const divisor = 10n ** BigInt(-scale);
  return digits % divisor === 0n ? digits / divisor : 0n;
}
