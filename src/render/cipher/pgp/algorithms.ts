/** A block cipher of OpenPGP as `node:crypto` knows it. */
export interface BlockCipher {
  readonly name: 'aes-128-cfb' | 'aes-192-cfb' | 'aes-256-cfb';
  readonly keyBytes: number;
}

/** Every block cipher here is AES: its blocks have 16 bytes. */
export const blockBytes = 16;

/** OpenPGP starts at zero: the random prefix does what an initial vector does elsewhere. */
export const zeroIv = Buffer.alloc(blockBytes);

/** AES-256 of RFC 4880, 9.2. */
export const aes256 = 9;

/** The cipher of that number in RFC 4880, 9.2; undefined if it is not supported: all but AES. */
export function blockCipherOf(algorithm: number): BlockCipher | undefined {
  return blockCiphers.get(algorithm);
}

/**
 * The hash of that number in RFC 4880, 9.4, by its name in `node:crypto`; undefined if it is not supported.
 */
export function hashOf(algorithm: number): string | undefined {
  return hashes.get(algorithm);
}

/** SHA-1 of RFC 4880, 9.4. */
export const sha1Id = 2;

const blockCiphers: ReadonlyMap<number, BlockCipher> = new Map([
  [7, { name: 'aes-128-cfb', keyBytes: 16 }],
  [8, { name: 'aes-192-cfb', keyBytes: 24 }],
  [aes256, { name: 'aes-256-cfb', keyBytes: 32 }],
]);

const hashes: ReadonlyMap<number, string> = new Map([
  [1, 'md5'],
  [sha1Id, 'sha1'],
  [8, 'sha256'],
  [9, 'sha384'],
  [10, 'sha512'],
  [11, 'sha224'],
]);
