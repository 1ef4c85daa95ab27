import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

/** How links to bills are made: plain values, so that they can be passed to a thread. */
export interface ViewLinkOptions {
  /** `VIEW_LINK_URL`: `https://bills.example.com`; `/b/` and the token follow. */
  readonly url: string;
  /** `VIEW_LINK_KEY`, each in Base64. The first one signs; links that the others signed stay valid. */
  readonly keys: readonly string[];
  /** `VIEW_LINK_DAYS`, counted from the date of the message. */
  readonly days: number;
}

/** The bill that a link shows. A resend is another cycle, and so has another link. */
export interface LinkedBill {
  readonly billId: string;
  readonly cycle: number;
}

/** A bill whose message is printed. */
export interface LinkingBill extends LinkedBill {
  /** The date of the message in ms since 1970, the same each time a cycle is printed. Every claim has it. */
  readonly datedAtMs?: number | undefined;
}

/** For previews and samples: their links are as long as real ones, but lead nowhere. */
export const sampleLinkingBill: LinkingBill = { billId: '0', cycle: 1, datedAtMs: Date.UTC(2026, 10, 3) };

export type OpenedLink =
  | { readonly kind: 'good'; readonly bill: LinkedBill }
  | { readonly kind: 'expired' }
  | { readonly kind: 'forged' };

export interface ViewLinks {
  /** The link: the same for the same cycle of a bill, whenever it is printed. */
  urlOf(bill: LinkingBill): string;
  open(token: string, now: Date): OpenedLink;
}

/**
 * A token is `<signature>.<bill>.<cycle>.<last day>`: HMAC-SHA-256 over the rest, cut to 128 bits (RFC 2104,
 * section 5), and the last day as days since 1970. It ends with a digit, because programs that find links in
 * a text leave out a punctuation mark at the end.
 */
export function createViewLinks({ url, keys, days }: ViewLinkOptions): ViewLinks {
  const secrets = keys.map((key) => createSecretKey(Buffer.from(key, 'base64')));
  const [current] = secrets;
  if (current === undefined) throw new RangeError('there is no key for view links');
  const base = `${url.replace(/\/+$/, '')}/b/`;
  const sign = (secret: typeof current, payload: string): Buffer =>
    createHmac('sha256', secret).update(`billcast|view|${payload}`).digest().subarray(0, signatureBytes);
  return {
    urlOf: ({ billId, cycle, datedAtMs = 0 }) => {
      const lastDay = Math.floor(datedAtMs / dayMs) + days;
      const payload = `${billId}.${cycle}.${lastDay}`;
      return `${base}${sign(current, payload).toString('base64url')}.${payload}`;
    },
    open: (token, now) => {
      const [, signature = '', payload = '', billId = '', cycle, lastDay] = tokenForm.exec(token) ?? [];
      const given = Buffer.from(signature, 'base64url');
      const isOurs = secrets.some(
        (secret) => given.length === signatureBytes && timingSafeEqual(given, sign(secret, payload)),
      );
      if (!isOurs) return { kind: 'forged' };
      if (Math.floor(now.getTime() / dayMs) > Number(lastDay)) return { kind: 'expired' };
      return { kind: 'good', bill: { billId, cycle: Number(cycle) } };
    },
  };
}

const tokenForm = /^([\w-]{22})\.((\d{1,19})\.(\d{1,9})\.(\d{1,7}))$/;
const signatureBytes = 16;
const dayMs = 86_400_000;
