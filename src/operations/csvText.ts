import { stringify } from 'csv-stringify/sync';

/** Lines of CSV by RFC 4180. What a spreadsheet would take for a formula has a quotation mark before it. */
export function csvText(records: readonly (readonly unknown[])[]): string {
  return stringify([...records], { escape_formulas: true, record_delimiter: 'windows' });
}
