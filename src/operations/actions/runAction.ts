import type { BillId } from '../../bill.ts';
import {
  type ActionPage,
  advanceAction,
  beginActionPage,
  findJournalledMoves,
  finishBillAction,
  readPublishSequences,
  type SeenBill,
} from '../../db/actionProgress.ts';
import { newClaimToken } from '../../db/claimTokens.ts';
import type { Database } from '../../db/database.ts';
import { readStandings } from '../../db/reads/selection.ts';
import { isAsSeen, type Standing } from '../../db/reads/standing.ts';
import { movePage } from '../../db/transitions/moveSelected.ts';
import type { LadderDeps } from '../operationDeps.ts';
import { type ActionRequest, moveOf } from './actionRequest.ts';

const billsPerPage = 1_000;
/** A paced action moves a page this often, so that its pace is even and it stops soon. */
const pacedPageMs = 250;

/** The result of one page. */
export interface PageResult {
  /** Whether this call ended the action. */
  readonly finished: boolean;
  /** How long to wait before the next page, in milliseconds. */
  readonly waitMs: number;
}

/**
 * Moves the next bills of a running action, if they are still in the state in which they were seen. If an
 * earlier process began the page, it is continued under the same token, and nothing moves twice.
 */
export async function runActionPage(deps: LadderDeps, id: string): Promise<PageResult> {
  const { database } = deps;
  const beganMs = performance.now();
  const page = await beginActionPage(database, id, { token: newClaimToken(), sizeOf: pageSizeOf });
  const through = page?.bills.at(-1)?.billId;
  if (page === undefined || through === undefined) {
    return { finished: await finishBillAction(database, id), waitMs: 0 };
  }
  const moved = await moveBills(deps, page);
  await advanceAction(database, id, {
    token: page.token,
    moved,
    skipped: page.bills.length - moved,
    through,
  });
  return { finished: false, waitMs: waitOf(page, performance.now() - beganMs) };
}

function pageSizeOf(perSecond: number | null): number {
  if (perSecond === null) return billsPerPage;
  return Math.min(billsPerPage, Math.max(1, Math.ceil((perSecond * pacedPageMs) / 1_000)));
}

function waitOf({ perSecond, bills }: ActionPage, tookMs: number): number {
  return perSecond === null ? 0 : Math.max(0, (bills.length / perSecond) * 1_000 - tookMs);
}

/** @returns how many were moved under this page's token */
async function moveBills(deps: LadderDeps, page: ActionPage): Promise<number> {
  const { database } = deps;
  const move = await moveOf(deps, page.request as ActionRequest, {
    actor: `person ${page.startedBy}`,
    reason: page.reason,
  });
  const matching = await findMatching(database, page.bills);
  const { moved } = await movePage(database, { page: matching, move, token: page.token });
  if (!page.isRepeated) return moved;
  const isMatching = new Set(matching.map(({ billId }) => billId));
  const others = page.bills.flatMap(({ billId }) => (isMatching.has(billId) ? [] : [billId]));
  return moved + (await findJournalledMoves(database, others, page.token)).size;
}

/** Sequences are read first: a later change shows in the row, or fails at the fence of its transition. */
async function findMatching(database: Database, bills: readonly SeenBill[]): Promise<Standing[]> {
  const billIds = bills.map(({ billId }) => billId);
  const sequences = await readPublishSequences(database, billIds);
  const standings = await readStandings(database, billIds);
  const seen = new Map<BillId, SeenBill>(bills.map((bill) => [bill.billId, bill]));
  return standings.filter((standing) => {
    const before = seen.get(standing.billId);
    return (
      before !== undefined &&
      isAsSeen(standing, before) &&
      sequences.get(standing.billId) === before.publishSeq
    );
  });
}
