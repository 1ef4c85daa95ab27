import type { channels } from '../channels.ts';
import { homeCountry } from '../homeCountry.ts';
import type { HomeNumbers } from '../lib/homeNumbers.ts';

/** Which of a member's contacts. */
export type ContactField = (typeof channels)[keyof typeof channels]['contact'];

/**
 * The one text that stands for a contact, however it is written: a provider may report an address in other
 * letters, and a number of the home country in its international form.
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
 * That text, and the one that stood for the contact before HOME_COUNTRY was set: then a number of the home
 * country counted as it was written.
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

/** Korean numbers in the form of the country. */
function phoneText(number: string): string {
  const digits = number.replaceAll(/\D/g, '');
  const known = /^82[1-9]\d{8,9}$/.test(digits) ? `0${digits.slice(2)}` : digits.replace(/^820/, '0');
  return `phone\n${known}`;
}
