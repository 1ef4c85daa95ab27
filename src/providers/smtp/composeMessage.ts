import type { Attempt, Encode, Message, MessageAttachment } from '../provider.ts';
import { createBounceTokens } from './bounceToken.ts';
import { createDkimSigner, type DkimSettings } from './dkimSigner.ts';
import { addressOf, type Mailbox } from './mailbox.ts';
import { base64LinesLength, encodeHeaderText, writeBase64Lines } from './mimeText.ts';

/** What a message needs besides the bill: a part of the settings, which is cloned into the render threads. */
export interface ComposeOptions {
  readonly from: Mailbox;
  readonly replyTo: Mailbox | undefined;
  /** The last part of `Feedback-ID`: who sends, for Gmail's reports. */
  readonly feedbackId: string;
  /** The keys of the tokens, the current one first. */
  readonly tokenKeys: readonly Uint8Array[];
  readonly dkim: DkimSettings | undefined;
}

/**
 * Composes e-mails (RFC 5322, RFC 2046): a text and an HTML part in Base64, so that every line is ASCII and
 * short. The same attempt always gives the same bytes. The first header is `Message-ID`, see `tokenIn`.
 */
export function createEncode(options: ComposeOptions): Encode {
  const tokens = createBounceTokens(options.tokenKeys);
  const fixed = fixedHeaders(options);
  const sign = options.dkim === undefined ? undefined : createDkimSigner(options.dkim);
  return (message, attempt) => {
    if (message.kind !== 'email') throw new TypeError('smtp sends e-mails only');
    const headers = [
      `Message-ID: <${tokens.tokenOf(attempt)}@${options.from.domain}>`,
      `Date: ${dateOf(attempt)}`,
      `To: ${message.to}`,
      `Subject: ${encodeHeaderText(message.subject, 'Subject: '.length)}`,
      ...fixed,
      `Content-Type: multipart/${message.attachments === undefined ? alternative : mixed}`,
    ];
    const body = writeWhole(message);
    const head = sign === undefined ? headers : [...headers, sign(headers, body)];
    return joined(`${head.join('\r\n')}\r\n\r\n`, body);
  };
}

/** The token in the Message-ID of a composed message. The envelope must name the same one. */
export function tokenIn(message: Uint8Array): string {
  const start = 'Message-ID: <'.length;
  const end = message.indexOf(at, start);
  return Buffer.from(message.buffer, message.byteOffset + start, end - start).toString('latin1');
}

const at = 0x40;

function fixedHeaders({ from, replyTo, feedbackId }: ComposeOptions): string[] {
  return [
    `From: ${mailboxText(from, 'From: '.length)}`,
    ...(replyTo === undefined ? [] : [`Reply-To: ${mailboxText(replyTo, 'Reply-To: '.length)}`]),
    'Auto-Submitted: auto-generated',
    `Feedback-ID: ::bill:${feedbackId}`,
    'MIME-Version: 1.0',
  ];
}

function mailboxText(mailbox: Mailbox, column: number): string {
  const { name } = mailbox;
  if (name === '') return addressOf(mailbox);
  const isPlain = /^[\w !#$%&'*+/=?^`{|}~-]*$/.test(name) && !name.includes('=?');
  const text = isPlain || !/^[ -~]*$/.test(name) ? encodeHeaderText(name, column) : quoted(name);
  return `${text} <${addressOf(mailbox)}>`;
}

function quoted(name: string): string {
  return `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A date in UTC (RFC 5322, 3.3). */
function dateOf({ datedAtMs = Date.now() }: Attempt): string {
  return new Date(datedAtMs).toUTCString().replace('GMT', '+0000');
}

/** No line of Base64 can begin with this. */
const boundary = '=_billcast';
/** Neither boundary begins with the other. */
const outerBoundary = '=_files';
const alternative = `alternative; boundary="${boundary}"`;
const mixed = `mixed; boundary="${outerBoundary}"`;

function partHead(type: string): Buffer {
  return Buffer.from(
    `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
  );
}

const textHead = partHead('text/plain');
const htmlHead = partHead('text/html');
const end = Buffer.from(`--${boundary}--\r\n`);

/** Writes the two parts and, if there are any, the files behind them (RFC 2046, 5.1.3). */
function writeWhole(message: Extract<Message, { kind: 'email' }>): Buffer {
  const body = writeBody(message);
  if (message.attachments === undefined) return body;
  return Buffer.concat([
    Buffer.from(`--${outerBoundary}\r\nContent-Type: multipart/${alternative}\r\n\r\n`),
    body,
    ...message.attachments.map(filePart),
    Buffer.from(`--${outerBoundary}--\r\n`),
  ]);
}

function filePart({ name, contentType, content }: MessageAttachment): Buffer {
  const head = Buffer.from(
    `--${outerBoundary}\r\nContent-Type: ${contentType}; name="${name}"\r\n` +
      `Content-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
  );
  const part = Buffer.allocUnsafe(head.length + base64LinesLength(content.length));
  writeBase64Lines(part, head.copy(part), content);
  return part;
}

/** Nearly every body fits into this. It is copied into its message before the next one is written. */
const scratch = Buffer.allocUnsafeSlow(65_536);

function writeBody({ text, html }: Extract<Message, { kind: 'email' }>): Buffer {
  const size =
    textHead.length +
    base64LinesLength(text.length) +
    htmlHead.length +
    base64LinesLength(html.length) +
    end.length;
  const out = size <= scratch.length ? scratch.subarray(0, size) : Buffer.allocUnsafe(size);
  let place = textHead.copy(out);
  place = writeBase64Lines(out, place, text);
  place += htmlHead.copy(out, place);
  place = writeBase64Lines(out, place, html);
  end.copy(out, place);
  return out;
}

/** Head and body, in memory that nobody else uses. */
function joined(head: string, body: Buffer): Uint8Array<ArrayBuffer> {
  const headLength = Buffer.byteLength(head);
  const whole = Buffer.allocUnsafeSlow(headLength + body.length);
  whole.write(head);
  body.copy(whole, headLength);
  return whole;
}
