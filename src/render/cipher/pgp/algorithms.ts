/** A block cipher of OpenPGP as `node:crypto` knows it. */
export interface BlockCipher {
  readonly name: 'aes-128-cfb' | 'aes-192-cfb' | 'aes-256-cfb';
  readonly keyBytes: number;
}

/** AES-256 of RFC 4880, 9.2. */
export const AES_256 = 9;

/** The cipher of that number in RFC 4880, 9.2; undefined where it is not supported: all but AES. */
export const blockCipherOf = (algorithm: number): BlockCipher | undefined => BLOCK_CIPHERS.get(algorithm);

/** The hash of that number in RFC 4880, 9.4, by its name in `node:crypto`; undefined where it is not supported. */
export const hashOf = (algorithm: number): string | undefined => HASHES.get(algorithm);

/** SHA-1 of RFC 4880, 9.4. */
export const SHA_1 = 2;

const BLOCK_CIPHERS: ReadonlyMap<number, BlockCipher> = new Map([
  [7, { name: 'aes-128-cfb', keyBytes: 16 }],
  [8, { name: 'aes-192-cfb', keyBytes: 24 }],
  [AES_256, { name: 'aes-256-cfb', keyBytes: 32 }],
]);

const HASHES: ReadonlyMap<number, string> = new Map([
  [1, 'md5'],
  [SHA_1, 'sha1'],
  [8, 'sha256'],
  [9, 'sha384'],
  [10, 'sha512'],
  [11, 'sha224'],
]);
