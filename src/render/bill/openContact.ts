import { contactLabels } from '../../channelModule.ts';
import { type Channel, channels } from '../../channels.ts';
import type { SealedContacts } from './billModel.ts';
import type { Contact } from './contact.ts';
import { readEmailAddress } from './emailAddress.ts';
import type { FieldOpener } from './fieldOpener.ts';
import { readPhoneNumber } from './phoneNumber.ts';
import { type UnpreparableBill, unpreparable } from './renderedBill.ts';

/** Opens the member's contact for a channel. @returns the address for the provider, or why there is none */
export function openContact(
  channel: Channel,
  contacts: SealedContacts,
  { open, failure }: FieldOpener,
): Extract<Contact, { kind: 'usable' }> | UnpreparableBill {
  const { contact: field, addressOf } = channels[channel];
  const contact = readers[field](open(field, contacts[field] ?? ''));
  const failed = failure();
  if (failed !== undefined) return failed;
  if (contact.kind !== 'usable') return withoutContact(contactLabels[field], contact.kind);
  if (addressOf === undefined) return contact;
  const to = addressOf(contact.to);
  return to === undefined ? notReached(channels[channel].label) : { kind: 'usable', to };
}

function notReached(label: string): UnpreparableBill {
  const detail = `no ${label} reaches what is stored`;
  return { ...unpreparable('NO_CONTACT', detail), contact: 'unusable' };
}

const readers = { email: readEmailAddress, phone: readPhoneNumber };

function withoutContact(label: string, contact: 'none' | 'unusable'): UnpreparableBill {
  const detail = contact === 'none' ? `there is no ${label}` : `what is stored as ${label} cannot be one`;
  return { ...unpreparable('NO_CONTACT', detail), contact };
}
