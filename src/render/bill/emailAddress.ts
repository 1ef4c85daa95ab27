import { domainToASCII } from 'node:url';
import { type Contact, longestContact, noContact, tells, tidied, unusable, usable } from './contact.ts';

/**
 * Reads a stored e-mail address as people write them. If there are several, the first one counts, provided
 * that all of them are addresses. If in doubt, the value is unusable.
 */
export function readEmailAddress(stored: string): Contact {
  if (stored.length <= mostCharacters && ordinary.test(stored)) return usable(stored);
  if (stored.length > longestContact) return unusable;
  const text = tidied(stored);
  if (!tells(text)) return noContact;
  const single = addressIn(text);
  if (single !== undefined) return usable(single);
  return firstOf(text.split(/[;,\n]/)) ?? firstOf(text.split(/[;,\n ]/)) ?? unusable;
}

/** RFC 3696, erratum 1690. */
const mostCharacters = 254;
/** RFC 5321, 4.5.3.1.1, in bytes. */
const mostLocalBytes = 64;

/** The form of nearly all addresses: a quick check, because it is made for every bill. */
const ordinary =
  /^(?=[^@]{1,64}@)[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

function firstOf(parts: readonly string[]): Contact | undefined {
  const written = parts.map((part) => part.trim()).filter((part) => part !== '');
  const addresses = written.map(addressIn);
  const [first] = addresses;
  return first !== undefined && !addresses.includes(undefined) ? usable(first) : undefined;
}

/** The address in `홍길동 <hong@example.com>`, `<hong@example.com>`, `hong@example.com (홍길동)` and the like. */
function addressIn(text: string): string | undefined {
  const bare = unquoted(text.trim());
  const address = inBrackets.exec(bare)?.[1] ?? withComment.exec(bare)?.[1] ?? bare;
  const at = address.lastIndexOf('@');
  if (at < 1) return undefined;
  const domain = domainIn(address.slice(at + 1));
  if (domain === undefined) return undefined;
  const local = localPartOf(address.slice(0, at).trimStart().replace(mailto, ''), domain);
  const whole = `${local}@${domain}`;
  return local !== undefined && whole.length <= mostCharacters ? whole : undefined;
}

const inBrackets = /^(?:"[^"<>]*"|[^"<>;,]*?) ?< ?([^<>]+?) ?>$/;
const withComment = /^([^\s()]+@[^\s()]+) ?\([^()@]*\)$/;
const mailto = /^mailto:/i;

/** Removes quotes that a loader left around the whole value. */
function unquoted(text: string): string {
  return /^'[^']*'$|^"[^"]*"$/.test(text) ? text.slice(1, -1).trim() : text;
}

/** A domain as in DNS: at least two labels of letters, digits and hyphens, the last of which is no number. */
function domainIn(written: string): string | undefined {
  const name = written.replace(/\.+$/, '');
  const domain = /^[!-~]*$/.test(name) ? name : domainToASCII(name);
  return domain.length <= 253 && hostName.test(domain) ? domain : undefined;
}

const hostName =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?=[^.]*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

function localPartOf(local: string, domain: string): string | undefined {
  if (Buffer.byteLength(local) > mostLocalBytes) return undefined;
  if (dotAtom.test(local) || quotedString.test(local)) return local;
  return carriers.test(domain) && looseDots.test(local) ? `"${local}"` : undefined;
}

/** An atom by RFC 5321, 4.1.2, and with the non-ASCII letters of RFC 6531. */
const atom = String.raw`[^\s.@\p{C}"(),:;<>[\]\\]+`;
const dotAtom = new RegExp(String.raw`^${atom}(?:\.${atom})*$`, 'u');
const quotedString = /^"(?:[ !#-[\]-~]|\\[ -~])+"$/;

/**
 * Japanese carriers gave out addresses such as `taro..yamada.@docomo.ne.jp` until 2009. RFC 5321 allows them
 * in quotes, and then they arrive. At other domains such dots are a typing error.
 */
const carriers = /^(?:docomo|ezweb)\.ne\.jp$/i;
const looseDots = /^[A-Za-z0-9._?+/-]+$/;
