import type { Claim, SettlingTransition } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { MoveTally } from '../../db/counts/moveTally.ts';

/** Enters what a settling changed in the kept counts. What it left PENDING follows from the others. */
export function tallySettled(
  { tally, first }: { readonly tally: MoveTally; readonly first: Channel },
  transition: SettlingTransition,
  { billId, channel }: Pick<Claim, 'billId' | 'channel'>,
): void {
  switch (transition) {
    case 'accepted':
      tally.add('delivered', billId);
      break;
    case 'unknown':
      tally.add('in_doubt', billId);
      break;
    case 'refusedToNext':
    case 'refusedBeforeToNext':
    case 'unaddressedToNext':
      if (channel === first) tally.add('sms', billId);
      break;
    case 'refusedForGood':
    case 'refusedBeforeForGood':
    case 'unpreparable':
    case 'exhausted':
      tally.add('failed', billId);
      if (channel !== first) tally.add('sms', billId, -1);
      break;
    case 'quietHours':
    case 'notSent':
    case 'braked':
    case 'held':
    case 'never':
      break;
    default:
      transition satisfies never;
  }
}
