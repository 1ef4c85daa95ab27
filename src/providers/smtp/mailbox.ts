import { domainToASCII } from 'node:url';

/** A mailbox as it is written in settings: `청구팀 <bill@example.kr>` or `bill@example.kr`. */
export interface Mailbox {
  /** Empty if the setting has no name. */
  readonly name: string;
  readonly local: string;
  /** The domain in ASCII, as in DNS. */
  readonly domain: string;
}

/** @throws Error saying what is wrong */
export function readMailbox(text: string): Mailbox {
  const [, quoted, plain, inBrackets, bare] =
    /^\s*(?:(?:"([^"<>]*)"|([^"<>]*?))\s*<([^<>]+)>|([^<>]+?))\s*$/.exec(text) ?? [];
  const address = inBrackets ?? bare ?? '';
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(0, at)).trim();
  const domain = domainToASCII(address.slice(at + 1).trim());
  if (!localPart.test(local) || local.length > 64 || !domainName.test(domain)) {
    throw new Error('must be an address such as bill@example.kr, or Name <bill@example.kr>');
  }
  const name = (quoted ?? plain ?? '').trim();
  if (/\p{Cc}/u.test(name)) throw new Error('must not have a control character in its name');
  return { name, local, domain };
}

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

export function addressOf({ local, domain }: Mailbox): string {
  return `${local}@${domain}`;
}
