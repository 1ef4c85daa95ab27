import { type Channel, channels, contactLabels } from '../../channels.ts';
import type { SealedContacts } from './billModel.ts';
import type { Contact } from './contact.ts';
import { readEmailAddress } from './emailAddress.ts';
import type { FieldOpener } from './fieldOpener.ts';
import { readPhoneNumber } from './phoneNumber.ts';
import { type UnpreparableBill, unpreparable } from './renderedBill.ts';

/** Opens the member's contact for a channel. @returns what the provider sends to, or why there is nothing */
export function openContact(
  channel: Channel,
  contacts: SealedContacts,
  { open, failure }: FieldOpener,
): Extract<Contact, { kind: 'usable' }> | UnpreparableBill {
  const field = channels[channel].contact;
  const contact = readers[field](open(field, contacts[field] ?? ''));
  const failed = failure();
  if (failed !== undefined) return failed;
  return contact.kind === 'usable' ? contact : withoutContact(contactLabels[field], contact.kind);
}

const readers = { email: readEmailAddress, phone: readPhoneNumber };

function withoutContact(label: string, contact: 'none' | 'unusable'): UnpreparableBill {
  const detail = contact === 'none' ? `there is no ${label}` : `what is stored as ${label} cannot be one`;
  return { ...unpreparable('NO_CONTACT', detail), contact };
}
