import { isolate } from '../../db/isolate.ts';
import { type LoadedTexts, largestBillBytes } from '../../db/source/billLoader.ts';
import { retryDelayMs } from '../../policy/retryPolicy.ts';
import type { ClaimedBill } from './lane.ts';
import { piecesByBytes } from './piecesByBytes.ts';
import type { LoadedBill, StageDeps } from './stage.ts';

type LoadDeps = Pick<StageDeps, 'database' | 'loadBills' | 'settler' | 'throttledLog' | 'meters'>;

/** The size of a bill with some hundred items. A batch of 500 such bills is 16 MB; usually it is 1 MB. */
const ordinaryBytes = 32_768;
/** The most bytes of larger bills that are loaded together. */
const largeBytesAtOnce = 4_194_304;

/**
 * Loads what the templates show, still encrypted and unparsed: ordinary bills all at once, then those of
 * thousands of items, a few at a time. A bill whose values the database itself cannot handle loads as an
 * empty one. A bill that cannot be read at the moment is settled as not sent, to be retried.
 */
export async function* load(deps: LoadDeps, bills: readonly ClaimedBill[]): AsyncGenerator<LoadedBill[]> {
  const large: LoadedBill[] = [];
  for await (const loaded of loadWithin(deps, bills, ordinaryBytes)) {
    const ordinary = loaded.filter((bill) => !isLarge(bill));
    if (ordinary.length < loaded.length) large.push(...loaded.filter(isLarge));
    if (ordinary.length > 0) yield ordinary;
  }
  for (const piece of piecesByBytes(large, ({ largeBytes = 0 }) => largeBytes, largeBytesAtOnce)) {
    const again = piece.map(({ bill }) => bill);
    yield* loadWithin(deps, again, largestBillBytes);
  }
}

/** A bill that is too large to be shown at all is not loaded again, since it fails anyway. */
function isLarge({ largeBytes = 0 }: LoadedBill): boolean {
  return largeBytes > 0 && largeBytes <= largestBillBytes;
}

async function* loadWithin(
  deps: LoadDeps,
  bills: readonly ClaimedBill[],
  mostBytes: number,
): AsyncGenerator<LoadedBill[]> {
  const run = async (part: readonly ClaimedBill[]): Promise<LoadedBill[]> => {
    const claims = part.map(({ claim }) => claim);
    const texts = await deps.meters.stages.time('load', part.length, () =>
      deps.loadBills(deps.database, claims, mostBytes),
    );
    return part.map((bill) => ({ bill, ...(texts.get(bill.claim.billId) ?? nothing) }));
  };
  for await (const outcome of isolate(bills, { run, throttledLog: deps.throttledLog })) {
    if (outcome.kind === 'done') yield outcome.result;
    else if (outcome.kind === 'refused') yield [refused(deps, outcome)];
    else putBack(deps, outcome);
  }
}

function refused(
  { throttledLog }: LoadDeps,
  { item: bill, code }: { readonly item: ClaimedBill; readonly code: string },
): LoadedBill {
  const { billId, channel } = bill.claim;
  throttledLog.warn('bill cannot be loaded, the database refuses its values', { billId, channel, code });
  return { bill, ...nothing };
}

function putBack(
  { settler, throttledLog }: LoadDeps,
  { items: bills, code }: { readonly items: readonly ClaimedBill[]; readonly code: string },
): void {
  throttledLog.warn('bills cannot be loaded at the moment, they are tried again', { code });
  for (const bill of bills) {
    settler.settle(bill, {
      transition: 'notSent',
      reason: 'LOAD_STOPPED',
      delayMs: retryDelayMs(bill.claim.attempts + 1, 0, Math.random()),
    });
  }
}

/** A bill without any row: rendering says BILL_INCOMPLETE. */
const nothing: LoadedTexts = { text: 'null' };
