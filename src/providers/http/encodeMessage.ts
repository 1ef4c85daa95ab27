import type { Attempt, Encode, MessageAttachment } from '../provider.ts';

/** The body of a request, as docs/GATEWAY.md describes it. */
export function createEncode(): Encode {
  return (message, attempt) => {
    switch (message.kind) {
      case 'email': {
        const { to, subject } = message;
        const head = inBytes(JSON.stringify({ ...headOf(attempt), to, subject }));
        const [html, text] = [jsonText(message.html), jsonText(message.text)];
        const files =
          message.attachments === undefined ? '' : `,"attachments":${filesJson(message.attachments)}`;
        return ofBytes(`${head.slice(0, -1)},"html":${html},"text":${text}${files}}`);
      }
      case 'text':
        return ofBytes(
          inBytes(
            // A message without buttons has no such field.
            JSON.stringify({
              ...headOf(attempt),
              to: message.to,
              text: message.text,
              buttons: message.buttons,
            }),
          ),
        );
      default:
        return message satisfies never;
    }
  };
}

function filesJson(attachments: readonly MessageAttachment[]): string {
  const files = attachments.map((file) => ({ ...file, content: file.content.toString('base64') }));
  return inBytes(JSON.stringify(files));
}

function headOf({ billId, memberId, channel, cycle }: Attempt): object {
  return { billId: jsonId(billId), memberId: jsonId(memberId), channel, cycle };
}

/**
 * An id in the same form as in events: a number if JSON's readers do not round it, else a string of digits.
 */
function jsonId(id: string): number | string {
  return Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

/**
 * A JSON string in UTF-8, with one character per byte. JSON escapes only ASCII, and V8 takes half as long for
 * such a string as for the text itself.
 */
function jsonText(utf8: Buffer): string {
  return JSON.stringify(utf8.toString('latin1'));
}

/** UTF-8 with one character per byte. */
export function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** The bytes, in memory of their own. */
function ofBytes(bytes: string): Uint8Array<ArrayBuffer> {
  const body = Buffer.allocUnsafeSlow(bytes.length);
  body.write(bytes, 'latin1');
  return body;
}
