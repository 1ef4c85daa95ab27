import type { Statement } from '../statement.ts';
import { type BillSource, ownBillSource } from './billSource.ts';

/*
 * Statements name three relations of the source, as if they were tables:
 *
 *   source_bills (bill_id, member_id, billing_month)   which bills there are
 *   source_members (member_id, email, phone)           their members' contacts, as they are stored
 *   source_amounts (bill_id, amount, currency)         what each asks for; no rows without an `amounts.sql`
 *
 * The source's own text is put in their place before a statement is prepared. PostgreSQL plans it as if it
 * had been written there, by the indexes of the billing system's tables. A view would hold on to these
 * tables, and follow one that the billing system renames.
 */

/**
 * Puts a source's statements into other statements. Those that read nothing of the source stay as they are.
 */
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
  return text.replaceAll(
    /\bsource_(bills|members|amounts)\b/g,
    (_, name: Relation) => `(${relationOf(name, source)}\n)`,
  );
}

type Relation = 'bills' | 'members' | 'amounts';

function relationOf(name: Relation, { idKind, bills, members, amounts }: BillSource): string {
  const isNumbered = idKind === 'bigint';
  switch (name) {
    case 'bills':
      return isNumbered ? bills : registeredBills;
    case 'members':
      return isNumbered ? members : membersByNumber(members);
    case 'amounts':
      if (amounts === undefined) return noAmounts;
      return isNumbered ? amounts : amountsByNumber(amounts);
    default:
      return name satisfies never;
  }
}

const noAmounts =
  'select null::bigint as bill_id, null::bigint as amount, null::text as currency where false';

function amountsByNumber(amounts: string): string {
  return `
    select reference.bill_id, a.amount, a.currency
    from (${amounts}\n) a join bill_reference reference on reference.bill_key = a.bill_id::text`;
}

/** If their ids are no numbers, the bills are those that were registered. */
const registeredBills = `
    select bill_id, member_id, billing_month from bill_reference where billing_month is not null`;

function membersByNumber(members: string): string {
  return `
    select reference.member_id, m.email, m.phone
    from (${members}\n) m join member_reference reference on reference.member_key = m.member_id::text`;
}
