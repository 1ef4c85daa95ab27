/** The UTF-8 bytes that a code below 0x80 is replaced with; nothing if it stays. */
export type Entities = ReadonlyArray<Uint8Array | undefined>;

/** The most bytes that `encodeText` writes for one UTF-16 code unit. */
export const maxBytesPerUnit = 6;

/** Nothing is replaced. */
export const noEntities: Entities = new Array<undefined>(0x80).fill(undefined);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

/** Everything is replaced that could leave a text or an attribute of HTML, as Handlebars does it. */
export const htmlEntities: Entities = noEntities.map((_, code) => {
  const entity = entities[String.fromCharCode(code)];
  return entity === undefined ? undefined : Buffer.from(entity);
});

/** Strings have many forms in V8, so `text.charCodeAt` would look the method up for each character. */
const { charCodeAt } = String.prototype;

/**
 * Writes `text` as UTF-8 at `start` and returns where it ends; lone surrogates become U+FFFD. There must be
 * room for `maxBytesPerUnit` bytes per code unit.
 *
 * By hand, because a call into the runtime for each of the short values of a bill takes longer.
 */
export function encodeText(text: string, bytes: Uint8Array, start: number, entities: Entities): number {
  let at = start;
  const { length } = text;
  for (let index = 0; index < length; index += 1) {
    const unit = charCodeAt.call(text, index);
    if (unit >= 0x80) {
      const code = isSurrogate(unit) ? codePointAt(text, index) : unit;
      if (code > 0xffff) index++;
      at = encodeWide(code, bytes, at);
      continue;
    }
    const entity = entities[unit];
    if (entity === undefined) {
      bytes[at] = unit;
      at++;
    } else {
      bytes.set(entity, at);
      at += entity.length;
    }
  }
  return at;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function codePointAt(text: string, index: number): number {
  const code = text.codePointAt(index) ?? 0xfffd;
  return code > 0xffff ? code : 0xfffd;
}

/** RFC 3629, section 3, for codes from 0x80. */
function encodeWide(code: number, bytes: Uint8Array, start: number): number {
  let at = start;
  if (code < 0x800) {
    bytes[at++] = 0xc0 | (code >> 6);
  } else {
    if (code > 0xffff) {
      bytes[at++] = 0xf0 | (code >> 18);
      bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
    } else {
      bytes[at++] = 0xe0 | (code >> 12);
    }
    bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
  }
  bytes[at++] = 0x80 | (code & 0x3f);
  return at;
}
