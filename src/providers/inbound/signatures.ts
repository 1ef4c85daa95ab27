import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { InboundRequest } from './inboundSource.ts';

/** The largest difference between a signed time and ours. */
const mostSkewMs = 300_000;

/** Compares in constant time, whatever the lengths. */
export function isSame(given: string | undefined, wanted: string): boolean {
  if (given === undefined) return false;
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function hmac(
  algorithm: 'sha1' | 'sha256',
  { key, text, as }: { readonly key: string; readonly text: string; readonly as: 'base64' | 'hex' },
): string {
  return createHmac(algorithm, key).update(text).digest(as);
}

export function isRecent(at: Date | undefined, now = Date.now()): boolean {
  return at !== undefined && Math.abs(now - at.getTime()) <= mostSkewMs;
}

/** Checks `Authorization: Basic`, for providers that sign nothing. @param secret `user:password` */
export function hasBasicAuth({ headers }: InboundRequest, secret: string): boolean {
  return isSame(headers.authorization, `Basic ${Buffer.from(secret).toString('base64')}`);
}

/**
 * Checks a signature by Standard Webhooks 1.0.0. Svix uses the same with its own headers. @param secret
 * `whsec_...`
 */
export function isStandardWebhook({ headers, body }: InboundRequest, secret: string): boolean {
  const named = (name: string): string => headers[`webhook-${name}`] ?? headers[`svix-${name}`] ?? '';
  try {
    new Webhook(secret).verify(body.toString('utf8'), {
      'webhook-id': named('id'),
      'webhook-timestamp': named('timestamp'),
      'webhook-signature': named('signature'),
    });
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks an ECDSA signature (SHA-256) of time and body, as SendGrid makes it. @param key the public key,
 * base64 of its DER
 */
export function isEcdsaSigned(
  { body }: InboundRequest,
  { key, time, signature }: { readonly key: string; readonly time: string; readonly signature: string },
): boolean {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    const signed = Buffer.concat([Buffer.from(time), body]);
    return verify('sha256', signed, publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
