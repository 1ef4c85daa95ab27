import { importModule } from '../../lib/importModule.ts';
import { type Cipher, type Refused, refused } from './cipher.ts';

/** The answer for a value that is not opened. @param why without any of the value */
export function refusedValue(why: string): Refused {
  return refused(why);
}

/** Lets the editor check the default export of `CIPHER_MODULE`. */
export function defineCipher(cipher: Cipher): Cipher {
  return cipher;
}

/** @throws BillcastError MODULE_INVALID */
export function loadCipherModule(url: string): Promise<Cipher> {
  return importModule('CIPHER_MODULE', url, isCipher);
}

function isCipher(value: object): value is Cipher {
  return 'create' in value && typeof value.create === 'function';
}
