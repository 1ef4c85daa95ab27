import { refused } from '../cipher.ts';

export const notBase64 = refused('it is not Base64');
export const notPgp = refused('it is no PGP message sealed by a passphrase');
export const damaged = refused('it is damaged');
export const cutShort = refused('it is damaged: its end is missing');
/** What the quick check tells; it sees the first block only. */
export const wrongPassphrase = refused('it was sealed with another passphrase, or its beginning is damaged');
