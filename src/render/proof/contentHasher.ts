import { createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';
import type { CipherKey } from '../cipher/keyRing.ts';
import type { Scope } from '../template/printer.ts';
import { ContentWriter } from './contentWriter.ts';
import { type Edition, editionDigest, editionIdBytes } from './edition.ts';
import type { HiddenField } from './hiddenFields.ts';

/** What a message says. */
export interface MessageContent {
  /** The address that it goes to. */
  readonly to: string;
  /** The subject of an e-mail; nothing for a short text. */
  readonly title: string;
  /** The text part of an e-mail, or the short text: a text itself, or its UTF-8. */
  readonly text: string | Buffer;
  /** What it is printed from. */
  readonly view: Scope;
}

/**
 * The hash of one message: 40 bytes as a Latin-1 string, which is the cheapest to hand on. 8 bytes name the
 * edition, 24 are the hash of the text, and 8 that of the address, so it shows which of them has changed.
 */
export type HashContent = (content: MessageContent) => string;

/** Raised if a message that stays the same would get another hash. */
export const contentEncoding = 2;

const saidBytes = 24;
const addressBytes = 8;
const addressStart = editionIdBytes + saidBytes;

export const contentHashBytes = addressStart + addressBytes;

/** A key of content hashes. */
export interface ContentKey {
  readonly keyId: string;
  /** Tells two keys of the same id apart, and says nothing about either. */
  readonly keyCheck: string;
  readonly key: KeyObject;
}

const info = 'billcast content proof';

/**
 * Derives it from a key of `CIPHER_KEYS` by HKDF-SHA-256 (RFC 5869), so that a hash says nothing about a
 * sealed value.
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
  /** What the title and the text of the message need not show, see `hiddenFieldsOf`. */
  readonly hidden: readonly HiddenField[];
}

/**
 * Makes the function that hashes the messages of a channel in one language, under the key: the digest of the
 * edition, channel, title, text and the values that those need not show; then that hash and the address, so
 * that the same address has another hash in each message. The text is printed anyway and has nearly all
 * values in it: to write each of them costs several times as much.
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

/** In what the hash of a message differs from the one that its bill gives now, to the same edition. */
export interface ContentDifference {
  readonly said: boolean;
  readonly address: boolean;
}

/** @param recorded as `HashContent` made it then */
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
  /** The hash of what the message says. */
  readonly said: string;
  readonly to: string;
}

function addressHash(writer: ContentWriter, { secret, said, to }: Addressed): string {
  writer.begin(secret);
  writer.text(said);
  writer.text(to);
  return derived(writer.written()).slice(0, addressBytes);
}

/** With what `derived` begins: the number 1 in 4 bytes, and the key. */
function secretOf(key: KeyObject): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 1]), key.export()]);
}

/**
 * One-step key derivation with SHA-256 (NIST SP 800-56C rev. 2, section 4.1, option 1). An HMAC of the same
 * key does as well, and costs a render thread 7 us more per bill: node:crypto has no call that makes one.
 * @param message begins with `secretOf(key)`
 * @returns Latin-1
 */
function derived(message: Uint8Array): string {
  return hash('sha256', message, 'binary');
}
