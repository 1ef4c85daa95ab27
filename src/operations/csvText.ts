import { stringify } from 'csv-stringify/sync';

/**
 * Lines of CSV (RFC 4180). If a spreadsheet would take a value for a formula, a quotation mark is put before
 * it.
 */
export function csvText(records: readonly (readonly unknown[])[]): string {
  return stringify([...records], { escape_formulas: true, record_delimiter: 'windows' });
}
