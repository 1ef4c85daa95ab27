import { pickBills } from '../chaosRows.ts';
import { duplicateHeader } from '../topicChecker.ts';
import { type InjectionDeps, publishUntilAcknowledged } from './injection.ts';

const billsAtOnce = 100;

/**
 * Another producer publishes events two to five more times, of bills that may be held, in progress or done.
 */
export async function injectDuplicate(deps: InjectionDeps): Promise<void> {
  const { testbed, random, begin } = deps;
  const bills = await pickBills(testbed.database, { from: random.integer(0, 99) / 100, limit: billsAtOnce });
  const times = random.integer(2, 5);
  begin(`events of ${bills.length} bills, ${times} times`);
  const topic = testbed.config.kafka.topics.EMAIL;
  const events = bills.map(([billId, memberId]) => ({
    topic,
    key: billId,
    value: `{"memberId":${memberId},"billId":${billId}}`,
    headers: { [duplicateHeader]: '1' },
  }));
  for (let time = 0; time < times; time++) await publishUntilAcknowledged(deps, events);
}
