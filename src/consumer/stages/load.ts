import { isolate } from '../../db/isolate.ts';
import { type LoadedTexts, loadBills } from '../../db/loadBills.ts';
import { retryDelayMs } from '../../send/retryPolicy.ts';
import type { ClaimedBill, LoadedBill } from '../carriedBill.ts';
import type { PipelineParts } from '../pipelineParts.ts';

/**
 * Loads what the templates show, still encrypted and unparsed, in parts that are bounded by bytes: ordinary bills come
 * all at once, those of thousands of items a few at a time. A bill whose values the database itself cannot handle
 * loads as none; one that cannot be read at the moment goes back to wait its turn.
 */
export async function* load(
  parts: Pick<PipelineParts, 'database' | 'settler' | 'tally'>,
  bills: readonly ClaimedBill[],
): AsyncGenerator<LoadedBill[]> {
  for (let open = bills; open.length > 0; ) {
    const left: ClaimedBill[] = [];
    for await (const outcome of isolate(open, { run: loading(parts), tally: parts.tally })) {
      if (outcome.kind === 'done') {
        left.push(...outcome.result.left);
        yield outcome.result.loaded;
      } else if (outcome.kind === 'refused') yield [refused(parts, outcome)];
      else putBack(parts, outcome.items);
    }
    open = left;
  }
}

const loading =
  ({ database }: Pick<PipelineParts, 'database'>) =>
  async (part: readonly ClaimedBill[]) => {
    const texts = await loadBills(
      database,
      part.map(({ claim }) => claim),
    );
    const loaded: LoadedBill[] = [];
    const left: ClaimedBill[] = [];
    for (const bill of part) {
      const text = texts.get(bill.claim.billId);
      if (text === undefined) left.push(bill);
      else loaded.push({ ...bill, ...text });
    }
    return { loaded, left };
  };

const refused = (
  { tally }: Pick<PipelineParts, 'tally'>,
  { item, code }: { readonly item: ClaimedBill; readonly code: string },
): LoadedBill => {
  const { billId, channel } = item.claim;
  tally.count('bill cannot be loaded, the database refuses its values', { billId, channel, code });
  return { ...item, ...nothing };
};

const putBack = ({ settler }: Pick<PipelineParts, 'settler'>, bills: readonly ClaimedBill[]): void => {
  for (const bill of bills)
    settler.settle(bill, {
      ...{ transition: 'notSent', reason: 'LOAD_STOPPED' },
      delayMs: retryDelayMs(bill.claim.attempts + 1, 0, Math.random()),
    });
};

/** A bill without any row of its own: rendering says BILL_INCOMPLETE. */
const nothing: LoadedTexts = { text: 'null' };
