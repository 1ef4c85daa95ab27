import { encodeText, noEntities } from '../template/encodeText.ts';
import type { Scope } from '../template/printer.ts';
import type { HiddenField } from './hiddenFields.ts';

/** Bytes that never occur in UTF-8, so that one value cannot look like two. */
const mark = {
  endOfText: 0xff,
  none: 0xfe,
  true: 0xfd,
  false: 0xfc,
  list: 0xfb,
  item: 0xfa,
  endOfList: 0xf9,
};

/** The most bytes of UTF-8 that one UTF-16 code unit takes. */
const maxBytesPerUnit = 3;

/**
 * Writes the hashed form of a message, in place of the last message. docs/proof.md describes the form:
 *
 * text          its UTF-8, FF
 * null          FE
 * list          FB, per item FA and its values, F9
 * other         FD if `#if` takes it as true, FC if not
 */
export class ContentWriter {
  #bytes = Buffer.allocUnsafeSlow(8_192);
  #length = 0;

  /** Forgets the last message. */
  begin(head: Uint8Array): void {
    this.#length = 0;
    this.#reserve(head.length);
    this.#copy(head);
  }

  /** What was written. It is valid until something else is written. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  text(text: string): void {
    this.#reserve(text.length * maxBytesPerUnit + 1);
    this.#length = encodeText(text, this.#bytes, this.#length, noEntities);
    this.#byte(mark.endOfText);
  }

  /** Writes a printed text, without the link in it, if there is one. */
  printed(text: Buffer, link: string): void {
    this.#reserve(text.length + 1);
    if (link === '') this.#copy(text);
    else this.#copyWithout(text, link);
    this.#byte(mark.endOfText);
  }

  values(fields: readonly HiddenField[], view: Scope): void {
    for (const { name, items } of fields) {
      const value = view[name];
      if (typeof value === 'string') this.text(value);
      else if (Array.isArray(value) && items !== undefined) this.#list(items, value);
      else this.#mark(markOf(value));
    }
  }

  #list(items: readonly HiddenField[], values: readonly Scope[]): void {
    this.#mark(mark.list);
    for (const value of values) {
      this.#mark(mark.item);
      this.values(items, value);
    }
    this.#mark(mark.endOfList);
  }

  #copy(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #copyWithout(text: Buffer, link: string): void {
    let start = 0;
    for (let at = text.indexOf(link); at !== -1; at = text.indexOf(link, start)) {
      this.#copy(text.subarray(start, at));
      start = at + link.length;
    }
    this.#copy(text.subarray(start));
  }

  #mark(byte: number): void {
    this.#reserve(1);
    this.#byte(byte);
  }

  #byte(byte: number): void {
    this.#bytes[this.#length] = byte;
    this.#length++;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

function markOf(value: unknown): number {
  if (value === null || value === undefined) return mark.none;
  return (Array.isArray(value) ? value.length > 0 : Boolean(value)) ? mark.true : mark.false;
}
