/**
 * A header's text (RFC 2047): unchanged if it is ASCII, else as encoded words of UTF-8, folded. No character
 * is split between two words.
 * @param column where it begins on its line
 */
export function encodeHeaderText(text: string, column: number): string {
  const room = longestLine - column;
  const plain = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  if (/^[ -~]*$/.test(plain) && plain.length <= room && !plain.includes('=?')) return plain;
  const words: string[] = [];
  let part = '';
  let bytes = 0;
  let most = bytesIn(room);
  for (const character of plain) {
    const size = Buffer.byteLength(character);
    if (bytes + size > most && part !== '') {
      words.push(part);
      part = '';
      bytes = 0;
      most = bytesIn(longestLine);
    }
    part += character;
    bytes += size;
  }
  words.push(part);
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

/** RFC 2047: 76 at most, with the space that a folded line begins with. */
const longestLine = 75;

/** How many bytes of UTF-8 fit into one encoded word: Base64 makes four characters of three bytes. */
function bytesIn(columns: number): number {
  return Math.max(3, Math.floor((Math.min(columns, longestLine) - '=?UTF-8?B??='.length) / 4) * 3);
}

const lineLength = 76;

/** How many bytes `writeBase64Lines` writes for `bytes` bytes. */
export function base64LinesLength(bytes: number): number {
  const characters = Math.ceil(bytes / 3) * 4;
  return characters + 2 * Math.ceil(characters / lineLength);
}

/**
 * Writes bytes as Base64 in lines of 76 characters, each with its CRLF: Base64 needs four bytes for a Hangul
 * syllable, quoted-printable nine.
 * @returns where it ended
 */
export function writeBase64Lines(out: Buffer, start: number, bytes: Buffer): number {
  const end = start + base64LinesLength(bytes.length);
  // First written as one line at the end of its room, then moved to the front line by line, so that no line
  // becomes a string.
  let from = end - Math.ceil(bytes.length / 3) * 4;
  out.write(bytes.toString('base64'), from, 'latin1');
  let to = start;
  while (to < end) {
    const next = Math.min(from + lineLength, end);
    out.copyWithin(to, from, next);
    to += next - from;
    from = next;
    out[to++] = 0x0d;
    out[to++] = 0x0a;
  }
  return end;
}
