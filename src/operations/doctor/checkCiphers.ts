import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { readSealedSample, type SealedValue } from '../../db/source/sealedSample.ts';
import { encryptedFields } from '../../render/cipher/cipher.ts';
import { type FieldCiphers, openFieldCiphers } from '../../render/cipher/fieldCiphers.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Seals and opens a sample per field, and opens the stored values of some members and bills. */
export async function checkCiphers(config: Config, database: Database): Promise<Finding[]> {
  const ciphers = await openFieldCiphers(config.cipher);
  const stored = await readSealedSample(database, config.source, sampledRows);
  const own = encryptedFields.map((field) => ({
    field,
    memberId: '1',
    value: ciphers.seal(field, '1', 'sample'),
  }));
  const unopened = new Set([...own, ...stored].flatMap((value) => whyUnopened(ciphers, value)));
  if (unopened.size === 0) {
    const opened = ok('ciphers', 'the keys open the stored values of the first and last members and bills');
    return [opened, ...judgeEnvelopes(config, stored)];
  }
  const why = [...unopened].slice(0, mostReasons).join(', ');
  return [fail('ciphers', `${why}: fix CIPHER_KEYS, CIPHER, CIPHER_FIELDS or PGP_PASSPHRASE`)];
}

/** How many members and bills are looked at, at each end of the table. */
const sampledRows = 100;
const mostReasons = 6;

/** Why a value cannot be opened, without any part of it. */
function whyUnopened(ciphers: FieldCiphers, { field, memberId, value }: SealedValue): string[] {
  if (value.trim() === '') return [];
  const opened = ciphers.open(field, memberId, value);
  return opened.kind === 'opened' ? [] : [`${field} (key id ${opened.keyId ?? 'none'}): ${opened.why}`];
}

/**
 * Pure. Warns of unbound values: while they are accepted, anybody who can write rows can swap or forge them.
 */
function judgeEnvelopes(
  { cipher, production }: Pick<Config, 'cipher' | 'production'>,
  stored: readonly SealedValue[],
): Finding[] {
  const old = cipher.accept.filter((name) => name !== 'v2');
  if (old.length === 0) return [];
  const left = old.filter((name) => stored.some(({ value }) => value.startsWith(`${name}:`)));
  const judge = production ? warn : ok;
  const names = old.join(' and ');
  const risk = `${names} accepted: anybody who can write rows can move such values between members`;
  return [
    judge(
      'envelopes',
      left.length > 0
        ? `${risk}; ${left.join(' and ')} still stored: have the batch seal as v2 ` +
            '(docs/ciphers.md), then CIPHER_ACCEPT=v2'
        : `${risk}; none found in the sample: set CIPHER_ACCEPT=v2 if no batch writes them`,
    ),
  ];
}
