import type { FoundRow } from '../db/source/searchWindow.ts';
import { csvText } from './csvText.ts';
import { becauseOf } from './explain/reasons.ts';
import { requireReasonCode } from './explain/requireReasonCode.ts';
import type { OperationDeps } from './operationDeps.ts';
import { type Sought, searchStateOf, walkBills } from './searchBills.ts';
import { showTheirIds } from './theirIds.ts';

const columns = [
  'billId',
  'memberId',
  'month',
  'state',
  'channel',
  'cycle',
  'attempts',
  'reason',
  'meaning',
  'changedAt',
];

/** Some rows of an export, as CSV (RFC 4180). */
export interface ExportPart {
  readonly text: string;
  readonly bills: number;
}

/**
 * Exports who got a bill, who did not, and why: a line per bill, in the order of ids, part by part. The first
 * part is the line of headings. No sealed value is opened. If a spreadsheet would take a value for a formula,
 * a quotation mark is put before it.
 * @throws BillcastError USAGE for a reason that no bill can have
 */
export function exportBills(
  deps: Pick<OperationDeps, 'config' | 'database'>,
  sought: Sought,
): AsyncGenerator<ExportPart> {
  requireReasonCode(deps.config, sought.reason);
  return readParts(deps, sought);
}

async function* readParts(
  deps: Pick<OperationDeps, 'config' | 'database'>,
  sought: Sought,
): AsyncGenerator<ExportPart> {
  yield { text: csvText([columns]), bills: 0 };
  for await (const rows of walkBills(deps, sought)) {
    const shown = await showTheirIds(deps, rows);
    yield { text: csvText(shown.map(valuesOf)), bills: rows.length };
  }
}

function valuesOf(row: FoundRow): (string | number | null)[] {
  const { billId, memberId, month, channel, cycle, attempts, reason, changedAt } = row;
  const meaning = becauseOf(reason) ?? null;
  return [
    ...[billId, memberId, month, searchStateOf(row), channel, cycle, attempts, reason, meaning],
    changedAt.toISOString(),
  ];
}
