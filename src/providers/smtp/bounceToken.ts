import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { testKeyOf } from '../../bill.ts';
import { parseAttemptName } from '../inbound/attemptName.ts';
import type { AttemptName } from '../inbound/receipt.ts';
import type { Attempt } from '../provider.ts';

/**
 * Names an attempt inside a mail, so that a bounce names its bill without anybody reading an address:
 * `42.1.email.<mac>`. It fits into the local part of an address (VERP), an ENVID and a Message-ID. Its case
 * does not matter.
 */
export interface BounceTokens {
  tokenOf(attempt: AttemptName & Pick<Attempt, 'test'>): string;
  /** The attempts that are named by genuine tokens in this text. */
  findIn(text: string): readonly AttemptName[];
}

const pattern = /(?<![a-z0-9])(\d{1,19})\.(\d{1,9})\.([a-z][a-z0-9]{0,15})\.([0-9a-f]{20})(?![a-z0-9])/gi;
const macDigits = 20;

/**
 * HMAC-SHA-256 (RFC 2104) over bill, cycle and channel, cut to 80 bits. Its keys are derived by HKDF-SHA-256
 * (RFC 5869), so that a token says nothing about the original keys.
 * @param keys the current one first; tokens by the others are still recognized
 */
export function createBounceTokens(keys: readonly Uint8Array[]): BounceTokens {
  const derived = keys.map((key) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', key, '', 'billcast bounce token', 32))),
  );
  const [current] = derived;
  return {
    tokenOf(attempt) {
      if (current === undefined) throw new RangeError('a bounce token needs a key');
      const { test } = attempt;
      return test === undefined
        ? `${textOf(attempt)}.${macOf(current, textOf(attempt))}`
        : testTokenOf(current, attempt, test.keySuffix);
    },
    findIn(text) {
      const found = new Map<string, AttemptName>();
      for (const [, billId, cycle, channel = '', mac = ''] of text.matchAll(pattern)) {
        const attempt = parseAttemptName(`${billId}:${channel.toUpperCase()}:${cycle}`);
        if (attempt === undefined) continue;
        const given = Buffer.from(mac.toLowerCase());
        if (derived.some((key) => timingSafeEqual(Buffer.from(macOf(key, textOf(attempt))), given))) {
          found.set(textOf(attempt), attempt);
        }
      }
      return [...found.values()];
    },
  };
}

function textOf({ billId, cycle, channel }: AttemptName): string {
  return `${billId}.${cycle}.${channel.toLowerCase()}`;
}

/** A token that names no attempt. It differs per message, because mailboxes show a Message-ID only once. */
function testTokenOf(key: KeyObject, attempt: AttemptName, keySuffix: string): string {
  return `${attempt.billId}.test.${macOf(key, testKeyOf(attempt, keySuffix))}`;
}

/** In hexadecimal digits. */
function macOf(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex').slice(0, macDigits);
}
