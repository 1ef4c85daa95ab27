import type { MemberId } from '../bill.ts';
import {
  type ContactEntry,
  findMembersByHash,
  readContactWalk,
  readNextContacts,
  restartContactWalk,
  type StoredContacts,
  writeContacts,
} from '../db/contactIndex.ts';
import { BillcastError } from '../errors.ts';
import { type HomeCountry, homeCountry, usualHome } from '../homeCountry.ts';
import { type ContactHasher, createContactHasher } from '../policy/contactHasher.ts';
import type { ContactField } from '../policy/contactText.ts';
import { readEmailAddress } from '../render/bill/emailAddress.ts';
import { createPhoneReader } from '../render/bill/phoneNumber.ts';
import { type FieldCiphers, openFieldCiphers } from '../render/cipher/fieldCiphers.ts';
import type { OperationDeps } from './operationDeps.ts';

function readersOf({ numbers }: HomeCountry) {
  return { email: readEmailAddress, phone: createPhoneReader(numbers) };
}

/**
 * The names of entries, as in `ContactEntry`. Hashes for another HOME_COUNTRY have another name, so they are
 * not found now.
 */
function entryNamesOf({ code }: HomeCountry): Readonly<Record<ContactField, string>> {
  const suffix = code === usualHome ? '' : ` ${code}`;
  return { email: `email${suffix}`, phone: `phone${suffix}` };
}

export interface FoundMembers {
  readonly memberIds: readonly MemberId[];
  /** When all members were last looked at. Later changes may be missing; null: some were never looked at. */
  readonly completeAt: Date | null;
}

/** More members than this do not share a contact by chance. */
const mostMembers = 50;

/**
 * The members with this e-mail address or phone number, by its keyed hash.
 * @throws BillcastError USAGE if the text is neither, or if there is no key
 */
export async function findMembersByContact(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  text: string,
  home: HomeCountry = homeCountry,
): Promise<FoundMembers> {
  const { field, to } = readContact(text, home);
  const hasher = createContactHasher(config.cipher.keys, home.numbers);
  if (hasher === undefined) {
    throw new BillcastError('USAGE', 'contacts are found by keyed hashes: set CIPHER_KEYS');
  }
  const [memberIds, completeAt] = await Promise.all([
    findMembersByHash(database, hasher.hashes(field, to), mostMembers),
    readContactWalk(database, Object.values(entryNamesOf(home))),
  ]);
  return { memberIds, completeAt };
}

/**
 * An e-mail address or a phone number that a person typed.
 * @throws BillcastError USAGE if the text is neither
 */
export function readContact(
  text: string,
  home: HomeCountry = homeCountry,
): { readonly field: ContactField; readonly to: string } {
  const field: ContactField = text.includes('@') ? 'email' : 'phone';
  const contact = readersOf(home)[field](text);
  if (contact.kind !== 'usable') {
    throw new BillcastError('USAGE', 'this is neither an e-mail address nor a phone number');
  }
  return { field, to: contact.to };
}

/** What a walk over the members needs, with the present keys. */
export interface ContactWalkDeps extends Pick<OperationDeps, 'database'> {
  readonly ciphers: FieldCiphers;
  readonly hasher: ContactHasher;
  readonly readers: ReturnType<typeof readersOf>;
  readonly entryNames: ReturnType<typeof entryNamesOf>;
}

/** @throws BillcastError CIPHER_FAILED, or MODULE_INVALID if `CIPHER_MODULE` cannot be loaded */
export async function openContactWalk(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  home: HomeCountry = homeCountry,
): Promise<ContactWalkDeps | undefined> {
  const hasher = createContactHasher(config.cipher.keys, home.numbers);
  if (hasher === undefined) return undefined;
  const ciphers = await openFieldCiphers(config.cipher);
  return { database, hasher, ciphers, readers: readersOf(home), entryNames: entryNamesOf(home) };
}

/**
 * Hashes the contacts of the next members.
 * @returns how many members there were, and whether the walk is at its end
 */
export async function hashNextContacts(
  deps: ContactWalkDeps,
  members: number,
): Promise<{ readonly members: number; readonly isLast: boolean }> {
  await restartContactWalk(deps.database, Object.values(deps.entryNames));
  const stored = await readNextContacts(deps.database, members);
  const isLast = stored.length < members;
  const entries = stored.flatMap((one) => [entryOf(deps, one, 'email'), entryOf(deps, one, 'phone')]);
  await writeContacts(deps.database, entries, isLast);
  return { members: stored.length, isLast };
}

/** The entry of a member. A value that cannot be opened has no hash: its bill fails and says so. */
function entryOf(
  { ciphers, hasher, readers, entryNames }: ContactWalkDeps,
  { memberId, ...sealed }: StoredContacts,
  contact: ContactField,
): ContactEntry {
  const value = sealed[contact];
  const opened = value === null || value.trim() === '' ? undefined : ciphers.open(contact, memberId, value);
  const read = opened?.kind === 'opened' ? readers[contact](opened.text) : undefined;
  const hash = read?.kind === 'usable' ? hasher.hash(contact, read.to) : null;
  return { memberId, contact: entryNames[contact], hash };
}
