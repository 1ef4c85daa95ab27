import { hash } from 'node:crypto';

/** What the messages of one language are printed with, besides the values of a bill. */
export interface Edition {
  /** The version of the hashed form, see `contentHasher.ts`. */
  readonly encoding: number;
  /** The version of the template's language, see `templateVersion.ts`. */
  readonly template: string;
  readonly language: string;
  /** billcast's version, from package.json. */
  readonly program: string;
  /** `TIME_ZONE` and `CURRENCY`: values are written by them. */
  readonly timeZone: string;
  readonly currency: string;
  /** Whether messages can contain a link to their bill (`VIEW_LINK_URL`). */
  readonly hasLink: boolean;
  /**
   * The id of the key in `CIPHER_KEYS` that hashes are made with, and a check that tells keys with the same
   * id apart.
   */
  readonly keyId: string;
  readonly keyCheck: string;
}

/** So many bytes in front of each hash identify its edition. */
export const editionIdBytes = 8;

/**
 * SHA-256 over the JSON `["billcast edition",2,"<template>","ko","0.3.0","Asia/Seoul","KRW",false,"k1",
 * "<check>"]`, without blanks. Its first 8 bytes are the id of the edition.
 */
export function editionDigest(edition: Edition): Buffer {
  return hash('sha256', JSON.stringify(['billcast edition', ...editionFacts(edition)]), 'buffer');
}

/** The facts in the order in which they are hashed and stored. */
export function editionFacts(edition: Edition): readonly unknown[] {
  const { encoding, template, language, program, timeZone, currency, hasLink, keyId, keyCheck } = edition;
  return [encoding, template, language, program, timeZone, currency, hasLink, keyId, keyCheck];
}

export function editionIdOf(edition: Edition): Buffer {
  return editionDigest(edition).subarray(0, editionIdBytes);
}
