import type { BillId } from '../bill.ts';
import { isSparse, type SearchConditions } from '../db/source/searchSources.ts';
import { type FoundRow, type SearchWindow, searchWindow } from '../db/source/searchWindow.ts';
import { beforeAllBills } from '../db/sql.ts';
import { requireReasonCode } from './explain/requireReasonCode.ts';
import type { OperationDeps } from './operationDeps.ts';
import type { SearchState } from './searchStates.ts';

/** A bill must meet all given conditions. */
export interface Sought extends Omit<SearchConditions, 'sendStatus' | 'isHeld' | 'isWaiting'> {
  readonly state?: SearchState | undefined;
}

export interface SearchRequest extends Sought {
  /** The number of bills on a page. */
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

export interface SearchPage {
  readonly bills: readonly FoundRow[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
  /** How many rows were looked at for this page. */
  readonly rows: number;
  readonly upTo: BillId | null;
  /** Whether all rows behind `after` were looked at. */
  readonly complete: boolean;
}

/** The most rows that one statement looks at. */
const rowsPerWindow = 4_000;
/**
 * The same if the rows are spread over the table, so that hardly two share a database page: reading one from
 * disk takes a tenth of a millisecond.
 */
const sparseRowsPerWindow = 250;
const firstRows = 100;
const fewestRows = 50;
/** A page ends after this time even if it is not full, and says how far it got. */
const budgetMs = 60;

/**
 * Finds bills in the order of their ids, window by window, until the page is full or the time is over.
 * @throws BillcastError USAGE for a reason that no bill can have
 */
export async function searchBills(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  request: SearchRequest,
): Promise<SearchPage> {
  const { limit: pageSize, after: first = beforeAllBills, ...sought } = request;
  requireReasonCode(config, sought.reason);
  const conditions = conditionsOf(sought);
  const endsAtMs = performance.now() + budgetMs;
  let page: SearchPage = {
    bills: [],
    next: first,
    rows: 0,
    upTo: null,
    complete: false,
  };
  const most = isSparse(conditions) ? sparseRowsPerWindow : rowsPerWindow;
  let rows = firstRows;
  for (;;) {
    const after = page.next ?? beforeAllBills;
    const limit = pageSize - page.bills.length;
    const beganMs = performance.now();
    const seen = await searchWindow(database, conditions, { after, rows, limit });
    page = withWindow(page, seen, { rows, limit });
    const nowMs = performance.now();
    if (page.next === null || page.bills.length >= pageSize || nowMs >= endsAtMs) return page;
    rows = nextRows({ rows, tookMs: nowMs - beganMs, leftMs: endsAtMs - nowMs, most });
  }
}

/** Pure: for how many rows the remaining time is enough, at the speed of the last window. */
export function nextRows({
  rows,
  tookMs,
  leftMs,
  most,
}: {
  readonly rows: number;
  readonly tookMs: number;
  readonly leftMs: number;
  readonly most: number;
}): number {
  const enough = tookMs <= 0 ? most : Math.floor((rows * leftMs) / tookMs);
  return Math.min(most, Math.max(fewestRows, enough));
}

/** Pure. If a window filled the page, the rows behind the page's last bill do not count as looked at. */
function withWindow(
  page: SearchPage,
  seen: SearchWindow,
  { rows: askedRows, limit }: { readonly rows: number; readonly limit: number },
): SearchPage {
  const bills = [...page.bills, ...seen.found];
  const rows = page.rows + seen.rows;
  const last = seen.found.at(-1)?.billId;
  if (last !== undefined && seen.found.length === limit) {
    return { bills, rows, next: last, upTo: last, complete: false };
  }
  const upTo = seen.upTo ?? page.upTo;
  return seen.rows < askedRows || upTo === null
    ? { bills, rows, next: null, upTo, complete: true }
    : { bills, rows, next: upTo, upTo, complete: false };
}

/** All bills that meet the conditions, in the order of their ids, window by window. */
export async function* walkBills(
  { database }: Pick<OperationDeps, 'database'>,
  sought: Sought,
): AsyncGenerator<readonly FoundRow[]> {
  const conditions = conditionsOf(sought);
  let after: string | null = beforeAllBills;
  while (after !== null) {
    const window: SearchWindow = await searchWindow(database, conditions, {
      after,
      rows: rowsPerWindow,
      limit: rowsPerWindow,
    });
    if (window.found.length > 0) yield window.found;
    after = window.rows < rowsPerWindow ? null : window.upTo;
  }
}

/** The state of a row by the names that people search for. */
export function searchStateOf({ sendStatus, isHeld, isWaiting }: FoundRow): SearchState {
  if (sendStatus !== 'PENDING') return sendStatus;
  if (isHeld) return 'HELD';
  return isWaiting ? 'WAITING' : 'PENDING';
}

function conditionsOf({ state, ...rest }: Sought): SearchConditions {
  switch (state) {
    case undefined:
      return rest;
    case 'HELD':
      return { ...rest, sendStatus: 'PENDING', isHeld: true };
    case 'WAITING':
      return { ...rest, sendStatus: 'PENDING', isHeld: false, isWaiting: true };
    case 'PENDING':
      return { ...rest, sendStatus: 'PENDING', isHeld: false, isWaiting: false };
    default:
      return { ...rest, sendStatus: state };
  }
}
