import pg from 'pg';
import { BillcastError } from '../../errors.ts';
import type { Database } from '../database.ts';
import { codeOf } from '../statementFault.ts';
import {
  amountsStatement,
  type BillIdKind,
  type BillSource,
  type SourceStatement,
  sourceStatements,
} from './billSource.ts';
import { claimedOf } from './claimedBills.ts';
import { loadSourceModule } from './sourceModule.ts';

/**
 * Prepares each statement of a source, and compares its columns with those that are needed. No row is read.
 * @throws BillcastError SOURCE_INVALID with file, line or column, and what is expected there; MODULE_INVALID
 * if a module cannot be used
 */
export async function checkSource(database: Database, source: BillSource): Promise<void> {
  const problems: string[] = [];
  if (source.module !== undefined) await loadSourceModule(source.module);
  for (const name of namesOf(source)) {
    const found = await problemsOf(database, source, name);
    problems.push(...found.map((problem) => `${source.folder}/${name}.sql: ${problem}`));
  }
  if (problems.length === 0) return;
  throw new BillcastError('SOURCE_INVALID', `${problems.join('\n')}\n(docs/data.md says what each gives)`);
}

/** A module replaces `load.sql`, and `amounts.sql` may be missing. */
function namesOf({ amounts, module }: BillSource): readonly Checked[] {
  const names = sourceStatements.filter((name) => name !== 'load' || module === undefined);
  return amounts === undefined ? names : [...names, amountsStatement];
}

type Checked = SourceStatement | typeof amountsStatement;
type Columns = Readonly<Record<string, readonly string[]>>;

/** By names of `pg_type`. */
const idTypes: Readonly<Record<BillIdKind, readonly string[]>> = {
  bigint: ['int8', 'int4', 'int2'],
  uuid: ['uuid'],
  text: ['text', 'varchar'],
};
const wholeTypes = ['int8', 'int4', 'int2'];
const textTypes = ['text', 'varchar', 'bpchar'];

function columnsOf(name: Checked, idKind: BillIdKind): Columns {
  const id = idTypes[idKind];
  switch (name) {
    case 'bills':
      return { bill_id: id, member_id: id, billing_month: ['date'] };
    case 'members':
      return { member_id: id, email: textTypes, phone: textTypes };
    case 'load':
      return { bill_id: id, data: ['text', 'json', 'jsonb'], quiet_start: ['time'], quiet_end: ['time'] };
    case 'sealed':
      return { field: textTypes, member_id: id, value: textTypes };
    case 'amounts':
      return { bill_id: id, amount: wholeTypes, currency: textTypes };
    default:
      return name satisfies never;
  }
}

async function problemsOf(database: Database, source: BillSource, name: Checked): Promise<string[]> {
  const text = source[name] ?? '';
  const before = name === 'load' ? `with ${claimedOf(source)}\nselect * from (` : 'select * from (';
  try {
    const { fields } = await database.execute(`${before}${text}\n) described limit 0`, valuesOf(name));
    return compare(columnsOf(name, source.idKind), typedColumns(fields));
  } catch (error) {
    if (!isOfStatement(error)) throw error;
    return [`${lineOf(error, before, text)}${error.message}`];
  }
}

/** As many values as the statement has parameters. */
function valuesOf(name: Checked): unknown[] {
  if (name === 'load') return ['{}', '{}', '{}'];
  return name === 'sealed' ? [1] : [];
}

/** The types of columns by their names in `pg_type`; for a type that is not PostgreSQL's own, its number. */
function typedColumns(fields: readonly pg.FieldDef[]): ReadonlyMap<string, string> {
  return new Map(
    fields.map(({ name, dataTypeID }) => [name, typeNames.get(dataTypeID) ?? `type ${dataTypeID}`]),
  );
}

const typeNames = new Map(
  Object.entries(pg.types.builtins).map(([name, oid]) => [Number(oid), name.toLowerCase()]),
);

/** Pure. */
function compare(wanted: Columns, found: ReadonlyMap<string, string>): string[] {
  return Object.entries(wanted).flatMap(([column, types]) => {
    const type = found.get(column);
    if (type === undefined) return [`gives no column ${column} (${types.join(' or ')})`];
    return types.includes(type) ? [] : [`gives ${column} as ${type}, and it must be ${types.join(' or ')}`];
  });
}

/** Whether the statement itself is at fault: its syntax, its names, its types, or a missing right. */
function isOfStatement(error: unknown): error is Error & { readonly position?: string } {
  return error instanceof Error && /^(?:42|22|0A|2F)/.test(codeOf(error));
}

/** The line in the file. PostgreSQL counts the characters of the whole text, from 1. */
function lineOf({ position }: { readonly position?: string }, before: string, text: string): string {
  const at = Number(position) - 1 - before.length;
  return Number.isNaN(at) || at < 0 ? '' : `line ${text.slice(0, at).split('\n').length}: `;
}
