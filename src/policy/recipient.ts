import { domainOf } from '../lib/domainOf.ts';
import { readEmailAddress } from '../render/bill/emailAddress.ts';
import { readPhoneNumber } from '../render/bill/phoneNumber.ts';
import { type ContactField, contactText } from './contactText.ts';

/** Who may get a message in a rehearsal: everybody at a domain, an e-mail address, or a phone number. */
export type Recipient =
  | { readonly kind: 'domain'; readonly domain: string }
  | { readonly kind: ContactField; readonly to: string };

/** Reads `@company.kr`, `qa@company.kr` or `01012345678`; undefined if the text is none of these. */
export function parseRecipient(written: string): Recipient | undefined {
  const text = written.trim();
  if (text.startsWith('@')) {
    const address = readEmailAddress(`anybody${text}`);
    return address.kind === 'usable' ? { kind: 'domain', domain: domainOf(address.to) } : undefined;
  }
  const kind = text.includes('@') ? 'email' : 'phone';
  const contact = kind === 'email' ? readEmailAddress(text) : readPhoneNumber(text);
  return contact.kind === 'usable' ? { kind, to: contact.to } : undefined;
}

/** Whether this contact is on the list, however it is written. Subdomains do not count. */
export function isListed(list: readonly Recipient[], contact: ContactField, to: string): boolean {
  return list.some((recipient) =>
    recipient.kind === 'domain'
      ? contact === 'email' && domainOf(to) === recipient.domain
      : recipient.kind === contact && contactText(contact, recipient.to) === contactText(contact, to),
  );
}
