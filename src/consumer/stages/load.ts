import { isolate } from '../../db/isolate.ts';
import { type LoadedTexts, largestBillBytes, loadBills } from '../../db/loadBills.ts';
import { retryDelayMs } from '../../send/retryPolicy.ts';
import type { ClaimedBill, LoadedBill } from '../carriedBill.ts';
import { piecesByBytes } from '../piecesByBytes.ts';
import type { PipelineParts } from '../pipelineParts.ts';

type LoadParts = Pick<PipelineParts, 'database' | 'settler' | 'tally'>;

/** A bill of some hundred items. A batch of 500 such bills is 16 MB; usually it is 1. */
const ordinaryBytes = 32_768;
/** Of larger bills that are loaded together. */
const largeBytesAtOnce = 4_194_304;

/**
 * Loads what the templates show, still encrypted and unparsed: ordinary bills all at once, then those of thousands of
 * items, a few at a time. A bill whose values the database itself cannot handle loads as none; one that cannot be read
 * at the moment goes back to wait its turn.
 */
export async function* load(parts: LoadParts, bills: readonly ClaimedBill[]): AsyncGenerator<LoadedBill[]> {
  const large: LoadedBill[] = [];
  for await (const loaded of loadWithin(parts, bills, ordinaryBytes)) {
    const ordinary = loaded.filter((bill) => !isLarge(bill));
    if (ordinary.length < loaded.length) large.push(...loaded.filter(isLarge));
    if (ordinary.length > 0) yield ordinary;
  }
  for (const piece of piecesByBytes(large, ({ largeBytes = 0 }) => largeBytes, largeBytesAtOnce)) {
    yield* loadWithin(parts, piece, largestBillBytes);
  }
}

/** Too large to be shown at all is not large: it is known for what it is. */
const isLarge = ({ largeBytes = 0 }: LoadedBill): boolean => largeBytes > 0 && largeBytes <= largestBillBytes;

async function* loadWithin(
  parts: LoadParts,
  bills: readonly ClaimedBill[],
  mostBytes: number,
): AsyncGenerator<LoadedBill[]> {
  const run = async (part: readonly ClaimedBill[]): Promise<LoadedBill[]> => {
    const claims = part.map(({ claim }) => claim);
    const texts = await loadBills(parts.database, claims, mostBytes);
    return part.map(({ record, claim }) => ({ record, claim, ...(texts.get(claim.billId) ?? nothing) }));
  };
  for await (const outcome of isolate(bills, { run, tally: parts.tally })) {
    if (outcome.kind === 'done') yield outcome.result;
    else if (outcome.kind === 'refused') yield [refused(parts, outcome)];
    else putBack(parts, outcome.items);
  }
}

const refused = (
  { tally }: LoadParts,
  { item, code }: { readonly item: ClaimedBill; readonly code: string },
): LoadedBill => {
  const { record, claim } = item;
  const { billId, channel } = claim;
  tally.count('bill cannot be loaded, the database refuses its values', { billId, channel, code });
  return { record, claim, ...nothing };
};

const putBack = ({ settler }: LoadParts, bills: readonly ClaimedBill[]): void => {
  for (const bill of bills)
    settler.settle(bill, {
      ...{ transition: 'notSent', reason: 'LOAD_STOPPED' },
      delayMs: retryDelayMs(bill.claim.attempts + 1, 0, Math.random()),
    });
};

/** A bill without any row of its own: rendering says BILL_INCOMPLETE. */
const nothing: LoadedTexts = { text: 'null' };
