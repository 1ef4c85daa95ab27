import { refused } from '../cipher.ts';

export const noKnownForm = refused('it is neither Base64, hex nor an armored PGP message');
export const notPgp = refused('it is no PGP message sealed by a passphrase');
export const damaged = refused('it is damaged');
export const cutShort = refused('it is damaged: its end is missing');
/** The result of the quick check, which sees the first block only. */
export const wrongPassphrase = refused('it was sealed with another passphrase, or its beginning is damaged');
export const notProtected = refused(
  'it has no integrity protection, so anybody may have changed it: ' +
    'PGP_ALLOW_UNPROTECTED=true opens it all the same',
);
