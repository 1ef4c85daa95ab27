/** By character code below 0x80: the UTF-8 bytes that replace it; undefined if it stays. */
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

/** Replaces every character that could end a text or an attribute in HTML, as Handlebars does. */
export const htmlEntities: Entities = noEntities.map((_, code) => {
  const entity = entities[String.fromCharCode(code)];
  return entity === undefined ? undefined : Buffer.from(entity);
});

/**
 * Called as a function: strings have many forms in V8, so `text.charCodeAt` would look the method up per
 * character.
 */
const { charCodeAt } = String.prototype;

/**
 * Writes `text` as UTF-8 at `start` and returns where it ends; lone surrogates become U+FFFD. There must be
 * room for `maxBytesPerUnit` bytes per code unit.
 *
 * Written in JavaScript, because a call into the runtime takes longer for each of a bill's short values.
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
