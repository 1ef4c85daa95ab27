import {
  accessSync,
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { BillcastError } from '../../errors.ts';

/** One acceptance: a line of the ledger. */
export interface Acceptance {
  /** The idempotency key, `<billId>:<channel>:<cycle>`. */
  readonly key: string;
  readonly billId: string;
  readonly channel: string;
  readonly cycle: number;
}

/**
 * An append-only file of acceptances: the evidence of the simulated provider. It is written before the answer
 * and survives kill -9, since the kernel has the bytes when the write returns. Sending never reads it.
 *
 * Acceptances of one turn of the event loop are written together. Several processes may append to the same
 * file: O_APPEND keeps their writes apart.
 */
export class Ledger {
  readonly #file: string;
  #descriptor: number | undefined;
  #waiting: { acceptance: Acceptance; written: (error?: unknown) => void }[] = [];
  /** A write failed in the middle of a line, so the next one must start on a new line. */
  #torn = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** Writes the acceptance. Rejects if it certainly is not in the file, such as on a full disk. */
  append(acceptance: Acceptance): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({
        acceptance,
        written: (error) => (error === undefined ? resolve() : reject(error)),
      });
    });
  }

  close(): void {
    this.#flush();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0) return;
    const at = new Date().toISOString();
    const lines = waiting.map(({ acceptance }) => lineOf(acceptance, at));
    const { count, error } = this.#write(lines.join(''));
    let end = 0;
    for (const [index, { written }] of waiting.entries()) {
      end += lines[index]?.length ?? 0;
      written(end <= count ? undefined : error);
    }
  }

  /** A process that was killed may have left part of a line behind. */
  #open(): number {
    mkdirSync(dirname(this.#file), { recursive: true });
    const descriptor = openSync(this.#file, 'a+');
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1, newline);
    if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
    this.#torn = last[0] !== newline;
    return descriptor;
  }

  /** Writes lines of ASCII; `count` is how many bytes of them have reached the file. */
  #write(lines: string): { count: number; error?: unknown } {
    let count = 0;
    try {
      this.#descriptor ??= this.#open();
      if (this.#torn) this.#put(this.#descriptor, separator, 0);
      const bytes = Buffer.from(lines);
      while (count < bytes.length) count += this.#put(this.#descriptor, bytes, count);
      return { count };
    } catch (error) {
      return { count, error };
    }
  }

  #put(descriptor: number, bytes: Buffer, from: number): number {
    const count = writeSync(descriptor, bytes, from);
    if (count > 0) this.#torn = bytes[from + count - 1] !== newline;
    return count;
  }
}

/** Why nothing can be written to a ledger; undefined if it can. It changes no file. */
export function ledgerFault(file: string): unknown {
  try {
    if (existsSync(file)) {
      closeSync(openSync(file, 'a'));
      return undefined;
    }
    let folder = dirname(file);
    while (!existsSync(folder)) folder = dirname(folder);
    accessSync(`${folder}/`, constants.W_OK);
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * Reads the keys of a ledger, one line at a time; none if the file does not exist.
 * @throws BillcastError LEDGER_FAILED if the file is no ledger: otherwise all bills would seem to be lost
 */
export async function* readLedgerKeys(file: string): AsyncGenerator<string> {
  if (!existsSync(file)) return;
  let hasKeys = false;
  let other: string | undefined;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const key = keyPattern.exec(line)?.[1];
    if (key === undefined) {
      other ??= isTorn(line) ? undefined : line;
    } else {
      hasKeys = true;
      yield key;
    }
  }
  if (hasKeys || other === undefined) return;
  throw new BillcastError('LEDGER_FAILED', `${file} is no ledger: none of its lines is an acceptance`);
}

function isTorn(line: string): boolean {
  return line.startsWith(lineStart) || lineStart.startsWith(line);
}

const newline = 0x0a;
const separator = Buffer.from('\n');
const lineStart = '{"key":"';
/** Matches whole lines only: if a part was written, the send was answered as not accepted. */
const keyPattern = /^\{"key":"([^"]+)".*\}$/;

function lineOf({ key, billId, channel, cycle }: Acceptance, at: string): string {
  return `{"key":"${key}","billId":${billId},"channel":"${channel}","cycle":${cycle},"at":"${at}"}\n`;
}
