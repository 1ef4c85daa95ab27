import type { PlannedSelection, SelectedFields, Selection } from '../../runs/plan.ts';
import { plainArray } from '../sql.ts';
import { billsOfMonth, withRow } from './billTables.ts';

/** The bills that a run selects, for statements about their rows. */
export interface SelectedBills {
  /** A part of the statement's name: each text has its own. */
  readonly name: string;
  /** The text after `from`: the rows `n` and a `where`, to which conditions may be added. `$1` is `value`. */
  readonly rows: string;
  /** The same, possibly with bills that have no row. */
  readonly bills: string;
  /** The id of the leading index, by which pages are ordered and continued. */
  readonly id: 'b.bill_id' | 'n.bill_id';
  readonly value: string;
}

const allBills = {
  name: 'all',
  rows: 'bill_notification n where $1::text is null',
  id: 'n.bill_id',
  value: null,
} as const;

/**
 * The rows among which the bills of a run are. It also works for a run that released everything that was
 * held.
 */
export function billsAmong(selection: Selection): SelectedBills | typeof allBills {
  return 'all' in selection ? allBills : selectedBills(selection);
}

export function selectedBills(selection: PlannedSelection): SelectedBills {
  if ('month' in selection) return ofMonth(selection.month);
  if ('fields' in selection) return byFields(selection.fields);
  const rows = 'bill_notification n where n.bill_id = any($1::bigint[])';
  return {
    name: 'ids',
    rows,
    bills: rows,
    id: 'n.bill_id',
    value: plainArray(selection.billIds),
  };
}

function ofMonth(month: string): SelectedBills {
  return {
    name: 'month',
    rows: billsOfMonth('$1'),
    bills: 'source_bills b where b.billing_month = $1::date',
    id: 'b.bill_id',
    value: `${month}-01`,
  };
}

/** Only the conditions that are given, so that the statement is planned for them. */
function byFields({ month, grade, channel }: SelectedFields): SelectedBills {
  const given = Object.entries({ month, grade, channel }).filter(([, value]) => value !== undefined);
  const conditions = given.map(([name]) => conditionsByField[name as keyof SelectedFields]);
  const rows = `source_bills b ${withRow}
      where ${conditions.join(' and ')}`;
  return {
    name: `fields-${given.map(([name]) => name).join('-')}`,
    rows,
    bills: rows,
    id: 'b.bill_id',
    value: JSON.stringify(Object.fromEntries(given)),
  };
}

const conditionsByField: Readonly<Record<keyof SelectedFields, string>> = {
  month: `b.billing_month = ($1::jsonb ->> 'month' || '-01')::date`,
  grade: `exists (select 1 from member m where m.id = n.member_id and $1::jsonb -> 'grade' ? m.grade)`,
  // The channel with which the bill began: it may have turned to the next one since.
  channel: `$1::jsonb -> 'channel' ? coalesce(n.passed[1], n.channel)`,
};
