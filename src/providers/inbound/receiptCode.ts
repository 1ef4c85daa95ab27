import { isPlainCode } from '../plainCode.ts';
import type { ReceiptKind } from './receipt.ts';

const smtpReply = /\b([245]\d\d)\b(?![.\d])/;
const enhanced = /\b([245]\.\d{1,3}\.\d{1,3})\b/;

/** Only the codes in a provider's text, such as `550 5.1.1`: the rest may hold an address. */
export function codeIn(...texts: readonly unknown[]): string | undefined {
  const known = texts.filter((text) => typeof text === 'string' || typeof text === 'number').map(String);
  const codes = new Set(
    known.flatMap((text) =>
      isPlainCode(text) ? [text] : [smtpReply.exec(text)?.[1], enhanced.exec(text)?.[1]],
    ),
  );
  codes.delete(undefined);
  return codes.size === 0 ? undefined : [...codes].slice(0, 4).join(' ');
}

/**
 * What the enhanced status code (RFC 3463) says about a message that came back. Only codes about the address
 * itself are hard. Policy (5.7), content (5.6), protocol (5.5), routing (5.4), the system (5.3) and the
 * sender's address (5.1.7, 5.1.8) are not the member's fault.
 */
export function kindOfStatus(status: string | undefined): Exclude<ReceiptKind, 'delivered' | 'complained'> {
  const [, level, subject = '', detail = ''] = /^([245])\.(\d{1,3})\.(\d{1,3})$/.exec(status ?? '') ?? [];
  if (level === undefined) return 'bounced_soft';
  if (level !== '5') return 'bounced_soft';
  if (notOfMember.test(`${subject}.${detail}`)) return 'blocked';
  if (subject === '1') return aboutAddress.has(Number(detail)) ? 'bounced_hard' : 'bounced_soft';
  return subject === '2' && detail === '1' ? 'bounced_hard' : 'bounced_soft';
}

const notOfMember = /^(?:[3-7]\.|1\.[78]$)/;
const aboutAddress: ReadonlySet<number> = new Set([0, 1, 2, 3, 6, 10]);
