import PostalMime from 'postal-mime';
import type { BounceTokens } from '../smtp/bounceToken.ts';
import { timeOf } from './inboundSource.ts';
import type { Receipt, ReceiptKind } from './receipt.ts';
import { codeIn, kindOfStatus } from './receiptCode.ts';

/** A mail that came to the bounce address. */
export interface ReportMail {
  readonly raw: Uint8Array;
  /**
   * The addresses that it was sent to, from the envelope if that is known. One of them may contain a token.
   */
  readonly recipients: readonly string[];
}

/**
 * Reads a delivery status notification (RFC 3464) or a complaint (ARF, RFC 5965). A token names the attempt:
 * in the address that the mail came to, in the ENVID, or in the part of our message that it returns. If there
 * is no token, or tokens of several attempts, nothing is believed. Any other mail, such as a vacation note,
 * says nothing.
 */
export async function readBounceMail(
  { raw, recipients }: ReportMail,
  tokens: BounceTokens,
): Promise<readonly Receipt[]> {
  const mail = await PostalMime.parse(raw, { forceRfc822Attachments: true });
  const parts = mail.attachments.map(({ mimeType, content }) => ({ mimeType, text: textOf(content) }));
  const status = parts.find(({ mimeType }) => mimeType === 'message/delivery-status');
  const feedback = parts.find(({ mimeType }) => mimeType === 'message/feedback-report');
  const report = status ?? feedback;
  if (report === undefined) return [];
  const head = Buffer.from(raw.subarray(0, longestLook)).toString('latin1');
  const said = [...recipients, head, ...parts.map(({ text }) => text.slice(0, longestLook))];
  const attempts = tokens.findIn(said.join('\n'));
  const [attempt] = attempts;
  if (attempt === undefined || attempts.length > 1) return [];
  const receipt = status === undefined ? complaintIn(report.text) : statusIn(report.text);
  return receipt === undefined ? [] : [{ ...receipt, attempt }];
}

/**
 * So much is searched for tokens: they are in the headers, of the mail and of the message that it returns.
 */
const longestLook = 32_768;

/** Our messages have one recipient each. So behind the fields of the message there is one group of fields. */
function statusIn(text: string): Receipt | undefined {
  const [message = new Map<string, string>(), ...recipients] = fieldGroupsIn(text);
  const fields = recipients.find((group) => group.has('action'));
  const action = fields?.get('action')?.toLowerCase();
  if (fields === undefined || action === undefined) return undefined;
  const status = fields.get('status');
  const kind = kindOf(action, status, fields.get('diagnostic-code'));
  return (
    kind && {
      kind,
      at: timeOf(fields.get('last-attempt-date') ?? message.get('arrival-date')),
      code: codeIn(fields.get('diagnostic-code'), status),
      recipient: addressIn(fields.get('original-recipient') ?? fields.get('final-recipient')),
    }
  );
}

function kindOf(action: string, status: string | undefined, diagnostic = ''): ReceiptKind | undefined {
  switch (action) {
    case 'delivered':
      return 'delivered';
    case 'relayed':
    case 'expanded':
      return 'relayed';
    case 'failed': {
      // Some servers report 5.0.0, and repeat the code that they were told in words only.
      const told = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(diagnostic)?.[0];
      return kindOfStatus(status === undefined || status.startsWith('5.0.') ? (told ?? status) : status);
    }
    default:
      return undefined;
  }
}

function complaintIn(text: string): Receipt | undefined {
  const [fields] = fieldGroupsIn(text);
  const type = fields?.get('feedback-type')?.toLowerCase();
  if (fields === undefined || type === undefined || type === 'not-spam') return undefined;
  return {
    kind: 'complained',
    at: timeOf(fields.get('arrival-date') ?? fields.get('received-date')),
    code: codeIn(type),
    recipient: addressIn(fields.get('original-rcpt-to')),
  };
}

/** Groups of `Name: value` lines (RFC 3464, section 2.1). If a name is repeated, the first one counts. */
function fieldGroupsIn(text: string): Map<string, string>[] {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/\n[ \t]+/g, ' ')
    .split(/\n{2,}/)
    .map((group) => {
      const fields = new Map<string, string>();
      for (const [, name = '', value = ''] of group.matchAll(/^([A-Za-z-]+):[ \t]*(.*)$/gm)) {
        const known = name.toLowerCase();
        if (!fields.has(known)) fields.set(known, value.trim());
      }
      return fields;
    })
    .filter(({ size }) => size > 0);
}

/** The address in a field such as `rfc822; kim@example.com`. */
function addressIn(field: string | undefined): string | undefined {
  return field?.replace(/^[\w-]+;\s*/, '').replace(/^<(.*)>$/, '$1');
}

function textOf(content: string | ArrayBuffer | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
