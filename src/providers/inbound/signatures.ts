import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { InboundRequest } from './inboundSource.ts';

/** How far a signed time may be from ours. */
const mostSkewMs = 300_000;

/** In constant time, whatever the lengths. */
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

/** `Authorization: Basic`, for providers that sign nothing. @param secret `user:password` */
export function hasBasicAuth({ headers }: InboundRequest, secret: string): boolean {
  return isSame(headers.authorization, `Basic ${Buffer.from(secret).toString('base64')}`);
}

/**
 * Standard Webhooks 1.0.0; Svix has the same under headers of its own. @param secret `whsec_...`
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
 * ECDSA over SHA-256, of time and body, as SendGrid signs. @param key the public key, base64 of its DER
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
