import { createBounceTokens } from '../../src/providers/smtp/bounceToken.ts';
import { billIdOf } from './notifications.ts';

export const bounceTokens = createBounceTokens([Buffer.alloc(32, 1), Buffer.alloc(32, 2)]);

export const bouncedAttempt = { billId: billIdOf(42), channel: 'EMAIL', cycle: 1 } as const;

/** A mail server's report about a message (RFC 3464), with the tokens at the places that are given. */
export interface BounceSpec {
  readonly action?: string;
  readonly status?: string;
  readonly diagnostic?: string;
  readonly envelopeId?: string;
  readonly messageId?: string;
  readonly to?: string;
}

export function bounceMail({
  action = 'failed',
  status = '5.1.1',
  diagnostic = 'smtp; 550 5.1.1 <kim@example.com>: no such user',
  envelopeId,
  messageId = 'abc@example.com',
  to = 'bounces@bills.example',
}: BounceSpec = {}): Buffer {
  return mailOf([
    'From: MAILER-DAEMON@mx.example.com',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry to have to inform you that your message could not be delivered.',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.com',
    ...(envelopeId === undefined ? [] : [`Original-Envelope-Id: ${envelopeId}`]),
    'Arrival-Date: Sat, 28 Nov 2026 01:02:03 +0000',
    '',
    'Final-Recipient: rfc822; kim@example.com',
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: ${diagnostic}`,
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    'From: bills@bills.example',
    `Message-ID: <${messageId}>`,
    '',
    '--b--',
    '',
  ]);
}

/** A complaint in the abuse reporting format (RFC 5965). */
export function complaintMail(messageId: string, feedbackType = 'abuse'): Buffer {
  return mailOf([
    'From: feedback@isp.example',
    'To: abuse@bills.example',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'This is an email abuse report.',
    '',
    '--b',
    'Content-Type: message/feedback-report',
    '',
    `Feedback-Type: ${feedbackType}`,
    'Version: 1',
    'Original-Rcpt-To: <kim@example.com>',
    'Arrival-Date: Sat, 28 Nov 2026 01:02:03 +0000',
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'From: bills@bills.example',
    `Message-ID: <${messageId}>`,
    'Subject: Your bill',
    '',
    'Hello',
    '',
    '--b--',
    '',
  ]);
}

/** What a person's mail program answers by itself. */
export function vacationMail(to: string): Buffer {
  return mailOf([`To: ${to}`, 'From: kim@example.com', 'Auto-Submitted: auto-replied', '', 'I am away.', '']);
}

function mailOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('\r\n'));
}
