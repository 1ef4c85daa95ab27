import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BillId } from '../bill.ts';
import { readLedgerKeys } from '../providers/simulated/ledger.ts';

/**
 * Splits ledgers by ranges of bill ids into temporary files, so that only one part at a time is in memory.
 */
export interface LedgerParts {
  /** The keys of one range. */
  keysOf(range: number): string[];
  remove(): void;
}

/** So much is buffered per part before it is written. */
const bufferedChars = 32 * 1024;

/**
 * @param ends the last bill id of each range, ascending; larger ids belong to the last range
 * @throws the file system's error, for example if the disk is full
 */
export async function cutLedgers(files: readonly string[], ends: readonly BillId[]): Promise<LedgerParts> {
  const folder = mkdtempSync(join(tmpdir(), 'billcast-verify-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const fileOf = (range: number): string => join(folder, String(range));
  const waiting = ends.map(() => '');
  const limits = ends.map(BigInt);
  const write = (range: number): void => {
    appendFileSync(fileOf(range), waiting[range] ?? '');
    waiting[range] = '';
  };
  try {
    for (const file of files) {
      for await (const key of readLedgerKeys(file)) {
        const range = rangeOf(limits, key);
        waiting[range] += `${key}\n`;
        if ((waiting[range]?.length ?? 0) > bufferedChars) {
          write(range);
        }
      }
    }
    for (const range of ends.keys()) {
      write(range);
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { keysOf: (range) => readFileSync(fileOf(range), 'utf8').split('\n').slice(0, -1), remove };
}

/** The range of a key. One that names no bill belongs to the last range. */
function rangeOf(ends: readonly bigint[], key: string): number {
  const [billId] = /^\d+(?=:)/.exec(key) ?? [];
  return billId === undefined ? ends.length - 1 : firstNotBelow(ends, BigInt(billId));
}

function firstNotBelow(ends: readonly bigint[], id: bigint): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (id <= (ends[middle] ?? id)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
