import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import type { BillId } from '../bill.ts';
import { BillcastError } from '../errors.ts';
import { isBillId } from './arguments.ts';
import { keyOfBill } from './billKeys.ts';

/** One line of a file of bills: the bill's id, and what follows it. */
export interface BillLine {
  readonly billId: BillId;
  readonly cells: readonly string[];
}

/** Stands for standard input. */
const standardInput = '-';

const headers: ReadonlySet<string> = new Set(['id', 'bill', 'billid', 'bill_id', 'bill id']);
const linesShown = 5;

/**
 * Reads the ids of bills, one per line or in the first column of a CSV file (comma, semicolon or tab).
 * Empty lines and a header are skipped.
 * @param path `-` for standard input
 * @throws BillcastError USAGE if the file cannot be read, holds no bill, or has a line without one
 */
export async function readBillFile(path: string): Promise<BillLine[]> {
  const name = path === standardInput ? 'standard input' : path;
  const lines: BillLine[] = [];
  const wrong: number[] = [];
  try {
    for await (const { record, info } of rowsOf(path)) {
      const [first = '', ...cells] = record;
      const billId = billIdIn(first);
      if (billId !== undefined) lines.push({ billId, cells });
      else if (info.lines > 1 || !isHeader(first)) wrong.push(info.lines);
    }
  } catch (cause) {
    throw new BillcastError('USAGE', `${name} cannot be read as a list of bills`, { cause });
  }
  if (wrong.length > 0) throw new BillcastError('USAGE', complaint(name, wrong));
  if (lines.length === 0) throw new BillcastError('USAGE', `${name} names no bill`);
  return lines;
}

function billIdIn(cell: string): BillId | undefined {
  if (isBillId(cell)) return cell;
  return isHeader(cell) ? undefined : keyOfBill(cell);
}

function isHeader(cell: string): boolean {
  return headers.has(cell.toLowerCase());
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function rowsOf(path: string): AsyncIterable<Row> {
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    relax_column_count: true,
    relax_quotes: true,
    delimiter: [',', ';', '\t'],
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
  });
  const input = path === standardInput ? process.stdin : createReadStream(path);
  input.on('error', (error: Error) => parser.destroy(error));
  return input.pipe(parser);
}

/** The line's text is not repeated: it may be a person's address. */
function complaint(name: string, wrong: readonly number[]): string {
  const shown = wrong.slice(0, linesShown).join(', ');
  const more = wrong.length > linesShown ? ` and ${wrong.length - linesShown} more` : '';
  return (
    `${name}: no bill id at the beginning of line ${shown}${more}. Nothing was done. ` +
    'Write one id per line, or ids in the first column of a CSV file.'
  );
}

/** The bills of `--bill` and `--file` together, and how many were named more than once. */
export interface NamedBills {
  /** Undefined if neither option is given. */
  readonly billIds: readonly BillId[] | undefined;
  /** For the facts that are printed; empty without a file. */
  readonly repeated: { readonly repeated?: number };
}

export async function readNamedBills({
  bill,
  file,
}: {
  readonly bill?: readonly BillId[] | undefined;
  readonly file?: string | undefined;
}): Promise<NamedBills> {
  if (file === undefined) return { billIds: bill, repeated: {} };
  const named = [...(bill ?? []), ...(await readBillFile(file)).map(({ billId }) => billId)];
  const billIds = [...new Set(named)];
  return { billIds, repeated: { repeated: named.length - billIds.length } };
}
