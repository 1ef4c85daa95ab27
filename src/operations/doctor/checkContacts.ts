import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { readSealedSample } from '../../db/source/sealedSample.ts';
import { readEmailAddress } from '../../render/bill/emailAddress.ts';
import { readPhoneNumber } from '../../render/bill/phoneNumber.ts';
import { createFieldCiphers } from '../../render/cipher/fieldCiphers.ts';
import { type Finding, ok, warn } from './finding.ts';

/** How many of the stored addresses and numbers no message can be sent to, among the first and the last members. */
export async function checkContacts(config: Config, database: Database): Promise<Finding[]> {
  const ciphers = createFieldCiphers(config.cipher);
  const stored = await readSealedSample(database, sampledRows);
  const count = (field: 'email' | 'phone'): Count => {
    const read = field === 'email' ? readEmailAddress : readPhoneNumber;
    const contacts = stored
      .filter((value) => value.field === field)
      .flatMap((value) => openedText(ciphers.open(field, value.memberId, value.value)))
      .map(read)
      .filter(({ kind }) => kind !== 'none');
    return { stored: contacts.length, unusable: contacts.filter(({ kind }) => kind === 'unusable').length };
  };
  return [judgeContacts({ email: count('email'), phone: count('phone') })];
}

/** Of each end. */
const sampledRows = 500;
/** What a month of real data has; more is a loader's fault. */
const usualShare = 0.02;

interface Count {
  readonly stored: number;
  readonly unusable: number;
}

/** Pure. */
export function judgeContacts({ email, phone }: Readonly<Record<'email' | 'phone', Count>>): Finding {
  const text =
    `of ${email.stored} e-mail addresses looked at ${email.unusable} cannot be used and turn to SMS, ` +
    `of ${phone.stored} phone numbers ${phone.unusable}`;
  const isMuch = [email, phone].some(({ stored, unusable }) => unusable > stored * usualShare);
  return isMuch
    ? warn('contacts', `${text}: see docs/data.md for what is read, and look at the loader`)
    : ok('contacts', text);
}

/** What cannot be opened is told by the check of the ciphers. */
function openedText(opened: ReturnType<ReturnType<typeof createFieldCiphers>['open']>): string[] {
  return opened.kind === 'opened' ? [opened.text] : [];
}
