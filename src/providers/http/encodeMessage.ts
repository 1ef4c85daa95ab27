import type { Claim } from '../../bill.ts';
import type { Message } from '../provider.ts';

/** The body of a request: a copy of the message, which does not outlive the call. */
export function encodeMessage(message: Message, claim: Claim): string {
  const { channel, cycle } = claim;
  const head = { billId: jsonId(claim.billId), memberId: jsonId(claim.memberId), channel, cycle };
  switch (message.channel) {
    case 'EMAIL':
      return JSON.stringify({
        ...head,
        to: message.to,
        subject: message.subject,
        html: message.html.toString(),
        text: message.text.toString(),
      });
    case 'SMS':
      return JSON.stringify({ ...head, to: message.to, text: message.text });
    default:
      return message satisfies never;
  }
}

/** As in an event: a number where JSON's readers do not round it, else a string of digits. */
function jsonId(id: string): number | string {
  return Number.isSafeInteger(Number(id)) ? Number(id) : id;
}
