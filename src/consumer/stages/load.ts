import { isolate } from '../../db/isolate.ts';
import { loadBills } from '../../db/loadBills.ts';
import { retryDelayMs } from '../../send/retryPolicy.ts';
import type { ClaimedBill, LoadedBill } from '../carriedBill.ts';
import type { PipelineParts } from '../pipelineParts.ts';

/**
 * Loads what the templates show, still encrypted and unparsed. A bill whose values the database itself cannot handle
 * loads as none; one that cannot be read at the moment goes back to wait its turn.
 */
export const load = async (
  { database, settler, tally }: Pick<PipelineParts, 'database' | 'settler' | 'tally'>,
  bills: readonly ClaimedBill[],
): Promise<LoadedBill[]> => {
  const loaded: LoadedBill[] = [];
  const run = async (part: readonly ClaimedBill[]) => {
    const texts = await loadBills(
      database,
      part.map(({ claim }) => claim),
    );
    return part.map((bill) => ({ ...bill, ...(texts.get(bill.claim.billId) ?? nothing) }));
  };
  for await (const outcome of isolate(bills, { run, tally })) {
    if (outcome.kind === 'done') loaded.push(...outcome.result);
    else if (outcome.kind === 'refused') {
      const { billId, channel } = outcome.item.claim;
      tally.count('bill cannot be loaded, the database refuses its values', {
        ...{ billId, channel, code: outcome.code },
      });
      loaded.push({ ...outcome.item, ...nothing });
    } else
      for (const bill of outcome.items)
        settler.settle(bill, {
          ...{ transition: 'notSent', reason: 'LOAD_STOPPED' },
          delayMs: retryDelayMs(bill.claim.attempts + 1, 0, Math.random()),
        });
  }
  return loaded;
};

/** A bill without any row of its own: rendering says BILL_INCOMPLETE. */
const nothing = { text: 'null' };
