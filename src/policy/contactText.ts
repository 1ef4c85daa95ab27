import type { channels } from '../channels.ts';
import { homeCountry } from '../homeCountry.ts';
import type { HomeNumbers } from '../lib/homeNumbers.ts';

/** Which of a member's contacts. */
export type ContactField = (typeof channels)[keyof typeof channels]['contact'];

/**
 * The one text that stands for a contact, however it is written. A provider may report an address in other
 * letters, and a domestic number in its international form.
 */
export function contactText(
  contact: ContactField,
  text: string,
  home: HomeNumbers | undefined = homeCountry.numbers,
): string {
  switch (contact) {
    case 'email':
      return `email\n${text.trim().toLowerCase()}`;
    case 'phone':
      return phoneText(home?.numberIn(text) ?? text);
    default:
      return contact satisfies never;
  }
}

/**
 * That text, and the one that stood for the contact before HOME_COUNTRY was set: at that time a domestic
 * number stood as it was written.
 */
export function contactTexts(
  contact: ContactField,
  text: string,
  home: HomeNumbers | undefined = homeCountry.numbers,
): string[] {
  const current = contactText(contact, text, home);
  const written = contact === 'phone' ? home?.nationalDigits(text) : undefined;
  return written === undefined ? [current] : [current, phoneText(written)];
}

/** Puts Korean numbers into their domestic form. */
function phoneText(number: string): string {
  const digits = number.replaceAll(/\D/g, '');
  const known = /^82[1-9]\d{8,9}$/.test(digits) ? `0${digits.slice(2)}` : digits.replace(/^820/, '0');
  return `phone\n${known}`;
}
