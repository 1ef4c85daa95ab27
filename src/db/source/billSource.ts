import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BillcastError } from '../../errors.ts';

/** The kinds of ids of bills and members in the billing system: values of `BILL_ID_KIND`. */
export const billIdKinds = ['bigint', 'uuid', 'text'] as const;

export type BillIdKind = (typeof billIdKinds)[number];

/** The statements of a source, by the names of their files. docs/data.md describes each. */
export const sourceStatements = ['bills', 'members', 'load', 'sealed'] as const;

export type SourceStatement = (typeof sourceStatements)[number];

/** The optional statement. */
export const amountsStatement = 'amounts';

/** The statements over the billing system's tables. Nothing else knows these tables. */
export interface BillSource extends Readonly<Record<SourceStatement, string>> {
  /** The folder of the statements, for messages. */
  readonly folder: string;
  readonly idKind: BillIdKind;
  /** The URL of `SOURCE_MODULE`, which loads bills instead of `load.sql`. */
  readonly module?: string | undefined;
  /** `amounts.sql`: the amount of each bill. Without it there are no sums of amounts. */
  readonly amounts?: string | undefined;
  /** `sample.json`: a made-up bill in the form of `load.sql`. Without it bills have our shape. */
  readonly sample?: string | undefined;
}

const ownFolder = join(import.meta.dirname, 'tables');

/**
 * Reads the statements of a folder.
 * @param module if there is one, `load.sql` may be missing
 * @throws BillcastError SOURCE_INVALID naming the file that cannot be read
 */
export function readBillSource(folder: string, idKind: BillIdKind, module?: string): BillSource {
  const isLoaded = (name: SourceStatement): boolean => name === 'load' && module !== undefined;
  const texts = sourceStatements.map((name) => [name, isLoaded(name) ? '' : readStatement(folder, name)]);
  const sample = join(folder, 'sample.json');
  const hasAmounts = existsSync(join(folder, `${amountsStatement}.sql`));
  return {
    folder,
    idKind,
    module,
    amounts: hasAmounts ? readStatement(folder, amountsStatement) : undefined,
    sample: existsSync(sample) ? readFileSync(sample, 'utf8') : undefined,
    ...(Object.fromEntries(texts) as Record<SourceStatement, string>),
  };
}

let own: BillSource | undefined;

/** The source over the tables `member`, `bill` and `bill_item`. */
export function ownBillSource(): BillSource {
  own ??= readBillSource(ownFolder, 'bigint');
  return own;
}

/** Without a semicolon at its end, since it becomes a part of another statement. */
function readStatement(folder: string, name: SourceStatement | typeof amountsStatement): string {
  const path = join(folder, `${name}.sql`);
  try {
    return readFileSync(path, 'utf8').replace(/\s*;?\s*$/, '');
  } catch (cause) {
    throw new BillcastError('SOURCE_INVALID', `${path} cannot be read: put it there (docs/data.md)`, {
      cause,
    });
  }
}
