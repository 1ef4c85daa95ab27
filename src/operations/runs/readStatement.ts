import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import { parse } from 'csv-parse';
import type { StatedMessage } from '../../db/runs/providerStatements.ts';
import { BillcastError } from '../../errors.ts';

/** The columns of a statement, by their names in its first line. */
export interface StatementColumns {
  /** The column with our key. */
  readonly key?: string | undefined;
  /** The column with the provider's id of the message. */
  readonly id?: string | undefined;
  readonly cost?: string | undefined;
}

/** A CSV file with a line of headings, and how to read it. */
export interface StatementFile {
  readonly bytes: Readable;
  /** The name in error messages. */
  readonly name: string;
  readonly columns: StatementColumns;
  /** A name that `TextDecoder` knows, such as `utf-8` or `euc-kr`. */
  readonly encoding: string;
  /** If the file has more lines, it is refused; if missing, there is no limit. */
  readonly mostLines?: number | undefined;
}

export interface ReadStatement {
  /** Its lines, part by part. */
  readonly parts: AsyncGenerator<readonly StatedMessage[]>;
  /** The hash of the bytes in hex, once all parts are read. */
  sha256(): string;
}

const linesPerPart = 2_000;

/**
 * Reads a provider's statement as it streams.
 * @throws BillcastError USAGE with the line, while its parts are read, if the file is not as the columns say
 */
export function readStatement({ bytes, name, columns, encoding, mostLines }: StatementFile): ReadStatement {
  const hash = createHash('sha256');
  const decoder = openDecoder(encoding);
  bytes.on('data', (chunk) => void hash.update(chunk));
  const text = new Transform({
    decodeStrings: false,
    encoding: 'utf8',
    transform: (chunk: Buffer, _, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
  const parser = parse({ columns: true, bom: true, trim: true, skip_empty_lines: true, info: true });
  // Errors reach the reader of the parts, so nothing is done here.
  pipeline(bytes, text, parser, () => undefined);
  return { parts: partsOf(parser, { columns, name, mostLines }), sha256: () => hash.digest('hex') };
}

function openDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new BillcastError('USAGE', `there is no encoding ${encoding}: utf-8 and euc-kr are usual`, {
      cause,
    });
  }
}

interface ParsedLine {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

async function* partsOf(
  lines: AsyncIterable<ParsedLine>,
  { columns, name: file, mostLines = Number.POSITIVE_INFINITY }: Omit<StatementFile, 'bytes' | 'encoding'>,
): AsyncGenerator<readonly StatedMessage[]> {
  let part: StatedMessage[] = [];
  let count = 0;
  let places: Required<StatementColumns> | undefined;
  try {
    for await (const { record, info } of lines) {
      if (++count > mostLines) throw tooLong(file, mostLines);
      places ??= placesOf(Object.keys(record), columns, file);
      part.push(messageOf(record, places, info.lines));
      if (part.length === linesPerPart) {
        yield part;
        part = [];
      }
    }
  } catch (cause) {
    if (cause instanceof BillcastError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BillcastError('USAGE', `${file} cannot be read as CSV: ${why}`, { cause });
  }
  if (part.length > 0) yield part;
}

function tooLong(file: string, mostLines: number): BillcastError {
  return new BillcastError(
    'USAGE',
    `${file} has more than ${mostLines.toLocaleString('en')} messages, the most that are compared here: ` +
      '`npx billcast run statement <run> --provider <name> --file <path>` compares any number',
  );
}

/** The usual names of columns, in any case of letters. */
const usualNames = {
  key: ['key', 'idempotency_key', 'idempotency-key', 'reference', 'client_ref', 'clientref'],
  id: ['id', 'message_id', 'messageid', 'message-id', 'provider_id'],
  cost: ['cost', 'price', 'amount', '금액', '요금'],
} as const;

function placesOf(
  heads: readonly string[],
  columns: StatementColumns,
  file: string,
): Required<StatementColumns> {
  const places = {
    key: placeOf(heads, 'key', columns.key, file),
    id: placeOf(heads, 'id', columns.id, file),
    cost: placeOf(heads, 'cost', columns.cost, file),
  };
  if (places.key === undefined && places.id === undefined) {
    throw new BillcastError(
      'USAGE',
      `${file} has the columns ${heads.join(', ')}: say which one is the id or our key, such as id=${heads[0] ?? 'id'}`,
    );
  }
  return places;
}

function placeOf(
  heads: readonly string[],
  what: keyof StatementColumns,
  named: string | undefined,
  file: string,
): string | undefined {
  const usual: readonly string[] = usualNames[what];
  if (named === undefined) return heads.find((head) => usual.includes(head.toLowerCase()));
  if (heads.includes(named)) return named;
  throw new BillcastError('USAGE', `${file} has no column ${named}: it has ${heads.join(', ')}`);
}

function messageOf(
  record: Readonly<Record<string, string>>,
  { key, id, cost }: StatementColumns,
  line: number,
): StatedMessage {
  const textOf = (place: string | undefined): string | null => {
    const value = place === undefined ? '' : (record[place] ?? '');
    return value === '' ? null : value;
  };
  return { line, key: textOf(key), providerId: textOf(id), cost: costOf(textOf(cost), line) };
}

/** A number, with or without commas between the thousands. */
function costOf(text: string | null, line: number): string | null {
  if (text === null) return null;
  const number = text.replaceAll(',', '');
  if (/^-?\d{1,15}(\.\d{1,12})?$/.test(number)) return number;
  throw new BillcastError('USAGE', `line ${line} of the statement: the cost ${text} is no number`);
}
