import { createDecipheriv } from 'node:crypto';
import { defineCipher, refusedValue } from 'billcast/cipher';

/**
 * The values of a system that writes AES-256-GCM as hex: 12 bytes IV, 16 bytes tag, cipher text. The current
 * key of CIPHER_KEYS comes first, earlier ones after it.
 */
export default defineCipher({
  needs: 'CIPHER_KEYS',
  create: ({ keys }) => ({
    open(value) {
      if (!/^(?:[0-9a-f]{2}){28,}$/i.test(value)) return refusedValue('it is not hex');
      const bytes = Buffer.from(value, 'hex');
      for (const key of keys) {
        const opening = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
        opening.setAuthTag(bytes.subarray(12, 28));
        const text = opening.update(bytes.subarray(28));
        try {
          opening.final();
          return { kind: 'opened', text: text.toString('utf8') };
        } catch {
          // Sealed with another key.
        }
      }
      return refusedValue('it was changed, or sealed with another key');
    },
  }),
});
