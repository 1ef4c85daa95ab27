import type { channels } from '../channels.ts';

/** Which of a member's contacts. */
export type ContactField = (typeof channels)[keyof typeof channels]['contact'];

/**
 * The one text that stands for a contact, however it is written: a provider may report an address in other
 * letters, and a Korean number in its international form.
 */
export function contactText(contact: ContactField, text: string): string {
  switch (contact) {
    case 'email':
      return `email\n${text.trim().toLowerCase()}`;
    case 'phone':
      return `phone\n${digitsOf(text)}`;
    default:
      return contact satisfies never;
  }
}

/** Korean numbers in the form of the country, as they are stored. */
function digitsOf(number: string): string {
  const digits = number.replaceAll(/\D/g, '');
  return /^82[1-9]\d{8,9}$/.test(digits) ? `0${digits.slice(2)}` : digits.replace(/^820/, '0');
}
