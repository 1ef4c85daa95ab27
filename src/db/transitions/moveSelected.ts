import type { BillId, ClaimToken, SendStatus } from '../../bill.ts';
import { sleep } from '../../lib/sleep.ts';
import { newClaimToken } from '../claimTokens.ts';
import type { Database } from '../database.ts';
import { readStandings, selectBills } from '../reads/selection.ts';
import type { Selection, Standing } from '../reads/standing.ts';

/** A transition that a person asks for. */
export interface Move {
  /** Whether a bill may make it; `seen` is its state when it was selected. */
  readonly allows: (standing: Standing, seen: Standing) => boolean;
  /** Why a bill may not make it, in one word. */
  readonly whyNot?: (standing: Standing) => string;
  /**
   * Makes the transition for those of these bills whose rows nobody has locked, and returns them. `token` is
   * the journal's token of this page: if the same statement is repeated, it writes nothing twice.
   */
  readonly make: (standings: readonly Standing[], token: ClaimToken) => Promise<Set<BillId>>;
}

/** The result for a selection, in bills. */
export interface MoveReport {
  readonly selected: number;
  /** Bills in a state in which the transition is allowed. */
  readonly movable: number;
  readonly moved: number;
  /** Bills that others kept locked for as long as we retried. */
  readonly busy: number;
  /** Bills that were named by id, but have no row or do not meet the other conditions. */
  readonly notFound: number;
  /** Bills whose month is closed: they are final. */
  readonly monthClosed: number;
  /** The bills that may not make the transition, by state. */
  readonly left: Readonly<Partial<Record<SendStatus, number>>>;
  /** The same bills by the move's own reasons. */
  readonly because: Readonly<Record<string, number>>;
  /** The first few of the movable bills. */
  readonly firstBillIds: readonly BillId[];
}

const idsShown = 5;
/** A dispatcher locks a row for one statement only. */
const tries = 20;
const betweenTriesMs = 50;

export interface MoveRequest {
  readonly selection: Selection;
  readonly move: Move;
  /** Whether to count only. */
  readonly dryRun: boolean;
  /** Called after each page with the bills looked at so far. */
  readonly onProgress?: ((bills: number) => void) | undefined;
  /** Called with the movable bills of each page, before they are moved. */
  readonly onMovable?: ((billIds: readonly BillId[]) => Promise<void>) | undefined;
}

/** Moves all bills of a selection that may move, page by page; with `dryRun` it only counts them. */
export async function moveSelected(
  database: Database,
  { selection, move, dryRun, onProgress = () => undefined, onMovable = async () => undefined }: MoveRequest,
): Promise<MoveReport> {
  const report = { selected: 0, movable: 0, moved: 0, busy: 0, monthClosed: 0 };
  const left: Partial<Record<SendStatus, number>> = {};
  const because: Record<string, number> = {};
  const leave = (standings: readonly Standing[]): void => {
    for (const standing of standings) {
      if (standing.inClosedMonth) {
        report.monthClosed++;
        continue;
      }
      count(left, standing.sendStatus);
      if (move.whyNot !== undefined) count(because, move.whyNot(standing));
    }
  };
  const firstBillIds: BillId[] = [];
  for await (const page of selectBills(database, selection)) {
    const movable = page.filter((standing) => mayMove(move, standing));
    report.selected += page.length;
    onProgress(report.selected);
    report.movable += movable.length;
    firstBillIds.push(...movable.slice(0, idsShown - firstBillIds.length).map(({ billId }) => billId));
    leave(page.filter((standing) => !mayMove(move, standing)));
    await onMovable(movable.map(({ billId }) => billId));
    if (dryRun) continue;
    const moved = await movePage(database, { page: movable, move, token: newClaimToken() });
    report.moved += moved.moved;
    report.busy += moved.busy;
    leave(moved.left);
  }
  const notFound = selection.billIds ? new Set(selection.billIds).size - report.selected : 0;
  return { ...report, notFound, left, because, firstBillIds };
}

/** Nothing of a closed month starts again: its rows may be deleted at any time. */
export function mayMove(move: Move, standing: Standing, seen = standing): boolean {
  return !standing.inClosedMonth && move.allows(standing, seen);
}

/**
 * Moves a page of bills under one token of the journal. If a row did not move, it was locked or has moved on
 * meanwhile: it is read again until that is known.
 */
export async function movePage(
  database: Database,
  {
    page,
    move,
    token,
  }: { readonly page: readonly Standing[]; readonly move: Move; readonly token: ClaimToken },
): Promise<{ moved: number; busy: number; left: Standing[] }> {
  const seen = new Map(page.map((standing) => [standing.billId, standing]));
  const allows = (standing: Standing): boolean => mayMove(move, standing, seen.get(standing.billId));
  const left: Standing[] = [];
  let open = page;
  let moved = 0;
  for (let tried = 0; open.length > 0 && tried < tries; tried++) {
    if (tried > 0) await sleep(betweenTriesMs);
    const won = await move.make(open, token);
    moved += won.size;
    const lost = open.flatMap(({ billId }) => (won.has(billId) ? [] : [billId]));
    const standings = lost.length === 0 ? [] : await readStandings(database, lost);
    open = standings.filter(allows);
    left.push(...standings.filter((standing) => !allows(standing)));
  }
  return { moved, busy: open.length, left };
}

function count<Key extends string>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
