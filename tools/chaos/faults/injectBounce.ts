import { bounceAs } from '../../../src/db/transitions/bounceBills.ts';
import { moveSelected } from '../../../src/db/transitions/moveSelected.ts';
import { selectDeliveredByEmail } from '../chaosRows.ts';
import type { InjectionDeps } from './injection.ts';

const billsAtOnce = 20;

/** A person enters bounces of accepted e-mails. Their bills go by SMS. */
export async function injectBounce({ testbed, random, begin }: InjectionDeps): Promise<void> {
  const { database } = testbed;
  const { ladder } = testbed.config;
  const from = random.integer(0, 99) / 100;
  const bills = await selectDeliveredByEmail(database, { from, limit: billsAtOnce });
  if (bills.length === 0) return;
  begin(`bounces of ${bills.length} e-mails`);
  const evidence = new Map(
    bills.map(({ billId, cycle }) => [billId, [{ key: `${billId}:EMAIL:${cycle}`, reason: 'chaos' }]]),
  );
  await moveSelected(database, {
    selection: { billIds: [...evidence.keys()] },
    move: bounceAs(database, { evidence, accepted: new Set(), ladder, actor: 'person chaos' }),
    dryRun: false,
  });
}
