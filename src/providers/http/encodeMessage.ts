import type { Attempt, Encode, Message } from '../provider.ts';

const utf8 = new TextEncoder();

/** The body of a request, as docs/GATEWAY.md describes it. */
export function createEncode(): Encode {
  return (message, attempt) => utf8.encode(JSON.stringify(bodyOf(message, attempt)));
}

function bodyOf(message: Message, { billId, memberId, channel, cycle }: Attempt): object {
  const head = { billId: jsonId(billId), memberId: jsonId(memberId), channel, cycle };
  switch (message.kind) {
    case 'email':
      return {
        ...head,
        to: message.to,
        subject: message.subject,
        html: message.html.toString(),
        text: message.text.toString(),
      };
    case 'text':
      return { ...head, to: message.to, text: message.text };
    default:
      return message satisfies never;
  }
}

/** As in an event: a number if JSON's readers do not round it, else a string of digits. */
function jsonId(id: string): number | string {
  return Number.isSafeInteger(Number(id)) ? Number(id) : id;
}
