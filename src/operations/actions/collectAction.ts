import type { BillId } from '../../bill.ts';
import {
  type Collected,
  failBillAction,
  finishCollecting,
  keepCollected,
  readPublishSequences,
  type SeenBill,
} from '../../db/actionProgress.ts';
import type { Database } from '../../db/database.ts';
import { readDatabaseTime } from '../../db/databaseTime.ts';
import { selectBills } from '../../db/reads/selection.ts';
import type { Standing } from '../../db/reads/standing.ts';
import { type Move, mayMove } from '../../db/transitions/moveSelected.ts';
import type { LadderDeps, OperationDeps } from '../operationDeps.ts';
import { type ActionRequest, moveOf, selectionOf } from './actionRequest.ts';

/** The most bills of an action. Each is stored until the action is over. */
const mostBills = 2_000_000;

/** Looks at the bills of an action and stores the state of each. It does not change the bills. */
export async function collectAction(
  deps: LadderDeps & Pick<OperationDeps, 'log'>,
  { id, request }: { readonly id: string; readonly request: ActionRequest },
): Promise<void> {
  const { database, log } = deps;
  try {
    await collect(deps, id, request);
  } catch (error) {
    log.error({ err: error, actionId: id }, 'action could not be looked at');
    await failBillAction(database, id, 'its bills could not be looked at; the log of the api has the cause');
  }
}

async function collect(deps: LadderDeps, id: string, request: ActionRequest): Promise<void> {
  const { database } = deps;
  const asOf = await readDatabaseTime(database);
  const selection = selectionOf(request);
  const move = await moveOf(deps, request, { actor: '', reason: '' });
  const notEligible: Record<string, number> = {};
  let sums: Collected = { selected: 0, eligible: 0, notEligible };
  for await (const page of selectBills(database, selection)) {
    const { movable = [], left = [] } = Object.groupBy(page, (standing) =>
      mayMove(move, standing) ? 'movable' : 'left',
    );
    for (const standing of left) count(notEligible, whyNot(move, standing));
    sums = {
      selected: sums.selected + page.length,
      eligible: sums.eligible + movable.length,
      notEligible,
    };
    if (sums.eligible > mostBills) {
      await failBillAction(database, id, `it would move more than ${mostBills} bills: narrow the selection`);
      return;
    }
    if (!(await keepCollected(database, id, { bills: await seenOf(database, movable), sums }))) return;
  }
  const notFound = countMissing(selection.billIds, sums.selected);
  if (notFound > 0) notEligible.NOT_FOUND = notFound;
  await finishCollecting(database, id, { asOf, sums: { ...sums, selected: sums.selected + notFound } });
}

/**
 * The standings with their sequences, which are read later. If a row changes in between, the two do not
 * match, and the bill is left alone.
 */
async function seenOf(database: Database, standings: readonly Standing[]): Promise<SeenBill[]> {
  const sequences = await readPublishSequences(
    database,
    standings.map(({ billId }) => billId),
  );
  return standings.map(({ inClosedMonth: _, passed: _passed, ...seen }) => ({
    ...seen,
    publishSeq: sequences.get(seen.billId) ?? -1,
  }));
}

function countMissing(billIds: readonly BillId[] | undefined, found: number): number {
  return billIds === undefined ? 0 : new Set(billIds).size - found;
}

function whyNot(move: Move, standing: Standing): string {
  if (standing.inClosedMonth) return 'MONTH_CLOSED';
  if (move.whyNot !== undefined) return move.whyNot(standing);
  // A failed bill can be retried once its dead letter is published.
  return standing.sendStatus === 'FAILED' ? 'DEAD_LETTER_OWED' : standing.sendStatus;
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
