/**
 * The most bytes of a Korean SMS. A longer message goes out as LMS, at several times the price, or is cut
 * off.
 */
export const smsByteLimit = 90;

/** A text in a form that Korean carriers can show. */
export interface SmsText {
  readonly text: string;
  /** The size in CP949, which carriers count. */
  readonly bytes: number;
  /** Characters that CP949 does not have, each once. */
  readonly replaced: readonly string[];
}

/**
 * Makes a text that uses only characters of CP949. Any other character is replaced by a similar one, or loses
 * its accent, or becomes `?`: otherwise carriers do the same, or refuse the message.
 */
export function asSmsText(text: string): SmsText {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const width = widthOf(text.charCodeAt(index));
    if (width === 0) return replacedText(text);
    bytes += width;
  }
  return { text, bytes, replaced: [] };
}

function replacedText(text: string): SmsText {
  const replaced = new Set<string>();
  let written = '';
  for (const { segment } of segmenter.segment(text)) {
    if (isEncodable(segment)) {
      written += segment;
    } else {
      replaced.add(segment);
      written += substituteOf(segment);
    }
  }
  const bytes = Array.from(written, (character) => widthOf(character.charCodeAt(0)));
  return { text: written, bytes: bytes.reduce((sum, width) => sum + width, 0), replaced: [...replaced] };
}

const segmenter = new Intl.Segmenter('ko', { granularity: 'grapheme' });

function isEncodable(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (widthOf(text.charCodeAt(index)) === 0) return false;
  }
  return true;
}

function substituteOf(character: string): string {
  const alike =
    lookalikes.get(character) ?? character.normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC');
  return alike !== '' && isEncodable(alike) ? alike : '?';
}

const lookalikes: ReadonlyMap<string, string> = new Map([
  ['₩', '￦'],
  ['–', '-'],
  ['—', '-'],
  ['‐', '-'],
  ['‑', '-'],
  ['−', '-'],
  ['•', '·'],
  ['\u00a0', ' '],
]);

/** The bytes of a UTF-16 code unit in CP949; 0 if CP949 does not have it. */
function widthOf(unit: number): number {
  return unit < 0x80 ? 1 : (table()[unit] ?? 0);
}

let widths: Uint8Array | undefined;
function table(): Uint8Array {
  widths ??= buildTable();
  return widths;
}

/**
 * CP949 is EUC-KR with all Hangul syllables and two more signs. The runtime only decodes EUC-KR, so the table
 * is built by decoding each of its pairs of bytes once.
 */
function buildTable(): Uint8Array {
  const newline = 0x0a;
  const pairs: number[] = [];
  for (let lead = 0xa1; lead <= 0xfe; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) pairs.push(lead, trail, newline);
  }
  const table = new Uint8Array(0x1_0000).fill(2, 0xac00, 0xd7a4);
  for (const sign of '€®') table[sign.charCodeAt(0)] = 2;
  // An invalid pair gives U+FFFD, two characters, or a private-use character.
  for (const decoded of new TextDecoder('euc-kr').decode(Uint8Array.from(pairs)).split('\n')) {
    if (decoded.length === 1 && !/[\ufffd\p{Co}]/u.test(decoded)) table[decoded.charCodeAt(0)] = 2;
  }
  return table;
}
