import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { InboundName } from '../../src/providers/inbound/inboundRegistry.ts';
import type { InboundRequest } from '../../src/providers/inbound/inboundSource.ts';

const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A secret of each provider, as it stands behind the name in INBOUND_SECRETS. */
export const inboundSecrets: Readonly<Record<InboundName, string>> = {
  http: `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
  mailgun: 'key-0123456789abcdef',
  'nhn-cloud': 'entered-for-the-webhook',
  postmark: 'billcast:0123456789abcdef',
  resend: `whsec_${Buffer.alloc(24, 2).toString('base64')}`,
  sendgrid: ecdsa.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  ses: 'billcast:fedcba9876543210',
  solapi: 'entered-for-solapi-webhook',
  twilio: '0123456789abcdef0123456789abcdef',
  vonage: 'signature-secret-of-the-account',
};

export interface SignedOptions {
  readonly at?: Date;
  readonly url?: string;
}

/** A webhook as the provider would send it: an object as JSON, or the text of a form. */
export function signedWebhook(
  name: InboundName,
  content: object | string,
  { at = new Date(), url = `https://billcast.example/inbound/${name}` }: SignedOptions = {},
): InboundRequest {
  const secret = inboundSecrets[name];
  const seconds = String(Math.floor(at.getTime() / 1_000));
  const whole =
    name === 'mailgun' ? { signature: mailgunSignature(secret, seconds), 'event-data': content } : content;
  const body = Buffer.from(typeof whole === 'string' ? whole : JSON.stringify(whole));
  return { body, url: new URL(url), headers: headersOf(name, { secret, body, at, seconds, url }) };
}

interface Signing {
  readonly secret: string;
  readonly body: Buffer;
  readonly at: Date;
  readonly seconds: string;
  readonly url: string;
}

function headersOf(name: InboundName, { secret, body, at, seconds, url }: Signing): Record<string, string> {
  switch (name) {
    case 'http':
    case 'resend': {
      const prefix = name === 'http' ? 'webhook' : 'svix';
      return {
        [`${prefix}-id`]: 'msg_1',
        [`${prefix}-timestamp`]: seconds,
        [`${prefix}-signature`]: new Webhook(secret).sign('msg_1', at, body.toString()),
      };
    }
    case 'mailgun':
      return {};
    case 'nhn-cloud':
      return { 'x-toast-webhook-signature': secret };
    case 'postmark':
    case 'ses':
      return { authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
    case 'sendgrid':
      return {
        'x-twilio-email-event-webhook-timestamp': seconds,
        'x-twilio-email-event-webhook-signature': ecdsaSignature(ecdsa.privateKey, seconds, body),
      };
    case 'solapi':
      return { 'x-solapi-event-name': 'SINGLE-REPORT', 'x-solapi-secret': sha1Of(secret) };
    case 'twilio': {
      const fields = [...new URLSearchParams(body.toString())].sort().flat().join('');
      return { 'x-twilio-signature': hmacOf('sha1', secret, url + fields).toString('base64') };
    }
    case 'vonage':
      return { authorization: `Bearer ${tokenOf(secret, body, Number(seconds))}` };
    default:
      return name satisfies never;
  }
}

function sha1Of(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function mailgunSignature(key: string, timestamp: string) {
  const token = 'a-random-token';
  return { timestamp, token, signature: hmacOf('sha256', key, timestamp + token).toString('hex') };
}

function ecdsaSignature(key: KeyObject, seconds: string, body: Buffer): string {
  return sign('sha256', Buffer.concat([Buffer.from(seconds), body]), key).toString('base64');
}

function tokenOf(secret: string, body: Buffer, iat: number): string {
  const hash = createHash('sha256').update(body).digest('hex');
  const parts = [
    { alg: 'HS256', typ: 'JWT' },
    { iat, payload_hash: hash },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${hmacOf('sha256', secret, signed).toString('base64url')}`;
}

function hmacOf(algorithm: string, key: string, text: string): Buffer {
  return createHmac(algorithm, key).update(text).digest();
}
