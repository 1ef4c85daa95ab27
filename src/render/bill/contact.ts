/** Whether a stored e-mail address or phone number can be used; docs/data.md has the rules and examples. */
export type Contact =
  /** `to` is given to the provider. */
  | { readonly kind: 'usable'; readonly to: string }
  /** Nothing is stored: the value is empty, or has only spaces or signs such as `-`. */
  | { readonly kind: 'none' }
  /** Something is stored, and no message can be sent to it. */
  | { readonly kind: 'unusable' };

export function usable(to: string): Contact {
  return { kind: 'usable', to };
}
export const noContact: Contact = { kind: 'none' };
export const unusable: Contact = { kind: 'unusable' };

/** A longer value is no contact, and regular expressions could take long on it. */
export const longestContact = 1_000;

/**
 * A stored contact, cleaned of what people cannot see or did not mean: spaces around it, invisible
 * characters, full-width forms of ASCII. Line breaks inside become one `\n`, other spaces one space.
 */
export function tidied(stored: string): string {
  return stored
    .normalize('NFC')
    .replace(fullWidth, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replace(ideographicStops, '.')
    .replace(invisible, '')
    .replace(unseenAround, '')
    .replace(lineBreaks, '\n')
    .replace(/[^\S\n]+/g, ' ');
}

/** Whether a text has any letter or digit. */
export function tells(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

const fullWidth = /[\uff01-\uff5e]/g;
const ideographicStops = /[\u3002\uff61]/g;
// Soft hyphen, Mongolian vowel separator, zero-width space and joiners, word joiner, byte order mark. Listed
// one by one: the linter takes joiners in a set for parts of one character.
const invisible = /\u00ad|\u180e|\u200b|\u200c|\u200d|\u2060|\ufeff/g;
// Control characters and direction marks are copied along when somebody copies an address from a window.
const unseenAround = /^[\s\p{Cc}\p{Cf}]+|[\s\p{Cc}\p{Cf}]+$/gu;
const lineBreaks = /\s*[\r\n\u2028\u2029]\s*/g;
