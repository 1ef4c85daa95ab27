import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { readSealedSample } from '../../db/source/sealedSample.ts';
import { readEmailAddress } from '../../render/bill/emailAddress.ts';
import { readPhoneNumber } from '../../render/bill/phoneNumber.ts';
import { type FieldCiphers, openFieldCiphers } from '../../render/cipher/fieldCiphers.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Counts the unusable addresses and numbers of the first and the last members. */
export async function checkContacts(config: Config, database: Database): Promise<Finding[]> {
  const ciphers = await openFieldCiphers(config.cipher);
  const stored = await readSealedSample(database, config.source, sampledRows);
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

/** How many members are looked at, at each end of the table. */
const sampledRows = 500;
/** The share of unusable contacts that is usual in real data. If there are more, the loader is at fault. */
const usualShare = 0.02;

interface Count {
  readonly stored: number;
  readonly unusable: number;
}

/** Pure. */
export function judgeContacts({ email, phone }: Readonly<Record<'email' | 'phone', Count>>): Finding {
  const text =
    `${email.unusable} of ${email.stored} e-mail addresses in the sample are unusable, ` +
    `${phone.unusable} of ${phone.stored} phone numbers`;
  const isMuch = [email, phone].some(({ stored, unusable }) => unusable > stored * usualShare);
  return isMuch
    ? warn('contacts', `${text}: check the loader; docs/data.md says which formats are read`)
    : ok('contacts', text);
}

/** The opened value. If it cannot be opened, the check of the ciphers reports it. */
function openedText(opened: ReturnType<FieldCiphers['open']>): string[] {
  return opened.kind === 'opened' ? [opened.text] : [];
}
