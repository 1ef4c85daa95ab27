import { formatCount } from './output.ts';

/** Counts on one line of standard error during long work. Only a terminal sees it. */
export interface BillCounter {
  /** @param bills the number of bills so far */
  readonly count: (bills: number) => void;
  /** Removes the line. May be called twice. */
  readonly end: () => void;
}

export interface CounterStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Work that is done sooner shows nothing. */
const quietMs = 1_000;
const redrawMs = 100;

/** @param label what is counted: `bills released` */
export function createBillCounter(label: string, stream: CounterStream = process.stderr): BillCounter {
  let drawAt = performance.now() + quietMs;
  let isDrawn = false;
  return {
    count(bills) {
      const now = performance.now();
      if (!stream.isTTY || now < drawAt) return;
      drawAt = now + redrawMs;
      isDrawn = true;
      stream.write(`\r\x1b[K${formatCount(bills)} ${label}`);
    },
    end() {
      if (isDrawn) stream.write('\r\x1b[K');
      isDrawn = false;
    },
  };
}

/** Counts while the work runs. */
export async function countingBills<T>(
  label: string,
  work: (onProgress: (bills: number) => void) => Promise<T>,
): Promise<T> {
  const counter = createBillCounter(label);
  try {
    return await work(counter.count);
  } finally {
    counter.end();
  }
}
