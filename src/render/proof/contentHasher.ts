import { createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';
import type { CipherKey } from '../cipher/keyRing.ts';
import type { Scope } from '../template/printer.ts';
import { ContentWriter } from './contentWriter.ts';
import { type Edition, editionDigest, editionIdBytes } from './edition.ts';
import type { HiddenField } from './hiddenFields.ts';

/** The content of a message. */
export interface MessageContent {
  /** The address that it goes to. */
  readonly to: string;
  /** The subject of an e-mail; nothing for a short text. */
  readonly title: string;
  /** The text part of an e-mail, or the short text: as a string, or as its UTF-8. */
  readonly text: string | Buffer;
  /** The view that it was printed from. */
  readonly view: Scope;
}

/**
 * The hash of one message: 40 bytes in a Latin-1 string, which is the cheapest to pass on. 8 bytes identify
 * the edition, 24 are the hash of the text, and 8 that of the address. So it shows which of them has changed.
 */
export type HashContent = (content: MessageContent) => string;

/** Increased whenever an unchanged message would get another hash. */
export const contentEncoding = 2;

const saidBytes = 24;
const addressBytes = 8;
const addressStart = editionIdBytes + saidBytes;

export const contentHashBytes = addressStart + addressBytes;

/** A key of content hashes. */
export interface ContentKey {
  readonly keyId: string;
  /** Tells two keys with the same id apart, and reveals nothing about either. */
  readonly keyCheck: string;
  readonly key: KeyObject;
}

const info = 'billcast content proof';

/**
 * Derives a content key from a key of `CIPHER_KEYS` by HKDF-SHA-256 (RFC 5869), so that a hash reveals
 * nothing about a sealed value.
 */
export function openContentKey({ keyId, key: material }: CipherKey): ContentKey {
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', material, '', info, 32)));
  const check = derived(Buffer.concat([secretOf(key), Buffer.from('check')]));
  return { keyId, key, keyCheck: Buffer.from(check, 'latin1').toString('hex', 0, 8) };
}

export interface ContentHasherOptions {
  readonly key: KeyObject;
  readonly edition: Edition;
  readonly channel: string;
  /** Values that the title and the text of the message need not show, see `hiddenFieldsOf`. */
  readonly hidden: readonly HiddenField[];
}

/**
 * Makes the function that hashes the messages of a channel in one language. Under the key it hashes the
 * edition's digest, the channel, title and text, and the values that those need not show. Then it hashes that
 * hash with the address, so that the same address has another hash in each message. The text is printed
 * anyway and contains nearly all values: writing each value separately costs several times as much.
 */
export function createContentHasher({ key, edition, channel, hidden }: ContentHasherOptions): HashContent {
  const digest = editionDigest(edition);
  const id = digest.toString('latin1', 0, editionIdBytes);
  const writer = new ContentWriter();
  const secret = secretOf(key);
  writer.begin(Buffer.concat([secret, digest]));
  writer.text(channel);
  const head = Buffer.from(writer.written());
  return ({ to, title, text, view }) => {
    const link = typeof view.viewUrl === 'string' ? view.viewUrl : '';
    writer.begin(head);
    writer.text(title);
    if (typeof text === 'string') writer.text(link === '' ? text : text.replaceAll(link, ''));
    else writer.printed(text, link);
    writer.values(hidden, view);
    const said = derived(writer.written()).slice(0, saidBytes);
    return id + said + addressHash(writer, { secret, said, to });
  };
}

/** How the hash of a message differs from the hash that its bill gives now, with the same edition. */
export interface ContentDifference {
  readonly said: boolean;
  readonly address: boolean;
}

/** @param recorded the hash that was stored */
export function compareContentHash(
  key: KeyObject,
  recorded: string,
  now: { readonly contentHash: string; readonly to: string },
): ContentDifference {
  const said = recorded.slice(editionIdBytes, addressStart);
  const address = addressHash(new ContentWriter(), { secret: secretOf(key), said, to: now.to });
  return {
    said: recorded.slice(0, addressStart) !== now.contentHash.slice(0, addressStart),
    address: recorded.slice(addressStart) !== address,
  };
}

interface Addressed {
  readonly secret: Buffer;
  /** The hash of the content. */
  readonly said: string;
  readonly to: string;
}

function addressHash(writer: ContentWriter, { secret, said, to }: Addressed): string {
  writer.begin(secret);
  writer.text(said);
  writer.text(to);
  return derived(writer.written()).slice(0, addressBytes);
}

/** The beginning of the message for `derived`: the number 1 in 4 bytes, and the key. */
function secretOf(key: KeyObject): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 1]), key.export()]);
}

/**
 * One-step key derivation with SHA-256 (NIST SP 800-56C rev. 2, section 4.1, option 1). An HMAC with the same
 * key would do as well, but takes a render thread 7 us more per bill: node:crypto cannot make one by a single
 * call.
 * @param message begins with `secretOf(key)`
 * @returns Latin-1
 */
function derived(message: Uint8Array): string {
  return hash('sha256', message, 'binary');
}
