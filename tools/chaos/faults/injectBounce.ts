import { bounceAs } from '../../../src/db/transitions/bounceBills.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { selectDeliveredBefore } from '../chaosRows.ts';
import type { InjectionDeps } from './injection.ts';

const billsAtOnce = 20;

/** A person enters bounces of accepted messages. Their bills go on by the next channel. */
export async function injectBounce({ testbed, random, begin }: InjectionDeps): Promise<void> {
  const { database } = testbed;
  const { ladder } = testbed.config;
  const from = random.integer(0, 99) / 100;
  const bills = await selectDeliveredBefore(database, ladder.order.at(-1) ?? 'EMAIL', {
    from,
    limit: billsAtOnce,
  });
  if (bills.length === 0) return;
  begin(`bounces of ${bills.length} messages`);
  const evidence = new Map(
    bills.map(({ billId, channel, cycle }) => [
      billId,
      [{ key: `${billId}:${channel}:${cycle}`, reason: 'chaos' }],
    ]),
  );
  await moveSelected(database, {
    selection: { billIds: [...evidence.keys()] },
    move: bounceAs(database, { evidence, accepted: new Set(), ladder, actor: 'person chaos' }),
    dryRun: false,
  });
}
