import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineSource } from 'billcast/source';

/** Reads each bill from a file that another program wrote: `BILLS_DIR/<billId>.json`. */
export default defineSource({
  async load(bills) {
    const folder = process.env.BILLS_DIR ?? 'bills';
    const found = await Promise.all(
      bills.map(async ({ billId, memberId }) => {
        const data = await readBill(join(folder, `${billId}.json`));
        return data !== undefined && ownerOf(data) === memberId ? [{ billId, data }] : [];
      }),
    );
    return found.flat();
  },
});

async function readBill(path: string): Promise<object | undefined> {
  try {
    const data: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch (error) {
    // A file that is not there is a bill that cannot be shown. If the disk fails, all wait.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function ownerOf(data: object): unknown {
  return 'member' in data ? data.member : undefined;
}
