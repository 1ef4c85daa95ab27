import type { Statement } from '../database.ts';
import { type BillSource, ownBillSource } from './billSource.ts';

/*
 * Statements name two relations of the source, as if they were tables:
 *
 *   source_bills (bill_id, member_id, billing_month)   which bills there are
 *   source_members (member_id, email, phone)           their members' contacts, as they are stored
 *
 * The source's own text is put in their place before a statement is prepared. PostgreSQL plans it as if it
 * had been written there, by the indexes of the billing system's tables. A view would hold on to these
 * tables, and follow one that the billing system renames.
 */

/** Puts a source's statements into others; those that read nothing of it stay as they are. */
export function createSourcing(source?: BillSource): (statement: Statement) => Statement {
  const made = new WeakMap<Statement, Statement>();
  return (statement) => {
    const known = made.get(statement);
    if (known !== undefined) return known;
    const { name, text } = statement;
    const sourced = text.includes('source_')
      ? { name, text: sourcedText(text, source ?? ownBillSource()) }
      : statement;
    made.set(statement, sourced);
    return sourced;
  };
}

function sourcedText(text: string, source: BillSource): string {
  return text.replaceAll(/\bsource_(?:bills|members)\b/g, (name) => `(${relationOf(name, source)}\n)`);
}

function relationOf(name: string, { bills, members }: BillSource): string {
  return name === 'source_bills' ? bills : members;
}
