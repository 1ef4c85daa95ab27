import { hkdfSync } from 'node:crypto';

const secretBytes = 32;

/**
 * The secret of an endpoint in the form of Standard Webhooks, derived from our key and the endpoint's salt by
 * HKDF (RFC 5869). So it is shown once and stored nowhere.
 * @param key `WEBHOOK_KEY`, Base64
 */
export function webhookSecret(key: string, salt: string): string {
  const derived = hkdfSync('sha256', Buffer.from(key, 'base64'), salt, 'billcast webhook', secretBytes);
  return `whsec_${Buffer.from(derived).toString('base64')}`;
}
