import { hash } from 'node:crypto';

/** What the messages of one language are printed with, beside the values of a bill. */
export interface Edition {
  /** Of the hash over the values, see `contentHasher.ts`. */
  readonly encoding: number;
  /** The version of the template's language, see `templateVersion.ts`. */
  readonly template: string;
  readonly language: string;
  /** Of billcast, as package.json says. */
  readonly program: string;
  /** `TIME_ZONE` and `CURRENCY`: they change how values are written. */
  readonly timeZone: string;
  readonly currency: string;
  /** Whether messages could have a link to their bill (`VIEW_LINK_URL`). */
  readonly hasLink: boolean;
  /** Of the key in `CIPHER_KEYS` that the hash is made with, and what tells two keys of that id apart. */
  readonly keyId: string;
  readonly keyCheck: string;
}

/** Stands before each hash that was made with an edition, and names it. */
export const editionIdBytes = 8;

/**
 * SHA-256 over the JSON `["billcast edition",2,"<template>","ko","0.3.0","Asia/Seoul","KRW",false,"k1",
 * "<check>"]`, without blanks. Its first 8 bytes are the id of the edition.
 */
export function editionDigest(edition: Edition): Buffer {
  return hash('sha256', JSON.stringify(['billcast edition', ...editionFacts(edition)]), 'buffer');
}

/** In the order in which they are hashed, and kept. */
export function editionFacts(edition: Edition): readonly unknown[] {
  const { encoding, template, language, program, timeZone, currency, hasLink, keyId, keyCheck } = edition;
  return [encoding, template, language, program, timeZone, currency, hasLink, keyId, keyCheck];
}

export function editionIdOf(edition: Edition): Buffer {
  return editionDigest(edition).subarray(0, editionIdBytes);
}
