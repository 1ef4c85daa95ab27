import { mkdirSync } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineProviderModule } from 'billcast/provider';

/**
 * Writes each message into a folder, from which another program fetches it. The name of the file is the
 * idempotency key, so the same attempt is never there twice, and a look-up knows for sure.
 */
export default defineProviderModule({
  encode: (message, { billId }) => {
    const { kind, to, text } = message;
    return Buffer.from(JSON.stringify({ kind, to, billId, text: text.toString() }));
  },
  create() {
    const folder = process.env.SPOOL_DIR ?? 'spool';
    mkdirSync(folder, { recursive: true });
    const pathOf = (key: string) => join(folder, `${key.replaceAll(':', '-')}.json`);
    return {
      async send({ body }, { idempotencyKey }) {
        try {
          await writeFile(pathOf(idempotencyKey), body ?? '', { flag: 'wx' });
        } catch (error) {
          const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
          if (!isThere) return { kind: 'unknown', reason: 'SPOOL_FAILED' };
        }
        return { kind: 'accepted', providerId: idempotencyKey };
      },
      lookup: (key) =>
        access(pathOf(key)).then(
          () => 'accepted',
          () => 'never',
        ),
    };
  },
});
