import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BillcastError } from '../../errors.ts';

/** What the ids of bills and members are in the billing system, as `BILL_ID_KIND` names it. */
export const billIdKinds = ['bigint', 'uuid', 'text'] as const;

export type BillIdKind = (typeof billIdKinds)[number];

/** The statements of a source, by the names of their files. docs/data.md says what each gives. */
export const sourceStatements = ['bills', 'members', 'load', 'sealed'] as const;

export type SourceStatement = (typeof sourceStatements)[number];

/** One that a source may leave out. */
export const amountsStatement = 'amounts';

/** The statements over the billing system's tables: all that knows them. */
export interface BillSource extends Readonly<Record<SourceStatement, string>> {
  /** Where they are, for messages. */
  readonly folder: string;
  readonly idKind: BillIdKind;
  /** The URL of `SOURCE_MODULE`, which loads bills instead of `load.sql`. */
  readonly module?: string | undefined;
  /** `amounts.sql`: what each bill asks for; without it no sums of amounts can be given. */
  readonly amounts?: string | undefined;
  /** `sample.json`: what `load.sql` gives of a bill that is nobody's; without it bills have our shape. */
  readonly sample?: string | undefined;
}

const ownFolder = join(import.meta.dirname, 'tables');

/**
 * Reads the statements of a folder.
 * @param module with one there need not be a `load.sql`
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

/** That of the tables `member`, `bill` and `bill_item`. */
export function ownBillSource(): BillSource {
  own ??= readBillSource(ownFolder, 'bigint');
  return own;
}

/** A semicolon at the end would end the statement that this becomes a part of. */
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
