import type { PoisonReason } from '../../../src/bill.ts';
import type { Random } from '../../../src/sample/random.ts';
import { pickBills } from '../chaosRows.ts';
import { poisonHeader } from '../poisonChecker.ts';
import { type InjectionDeps, publishUntilAcknowledged } from './injection.ts';

/** Publishes unusable records between the events of real bills. */
export async function injectPoison(deps: InjectionDeps): Promise<void> {
  const { testbed, random, begin } = deps;
  const { poisoned, config, database } = testbed;
  const [bill] = await pickBills(database, { from: random.integer(0, 99) / 100, limit: 1 });
  const [billId = '1', memberId = '1'] = bill ?? [];
  const { EMAIL, SMS } = config.kafka.topics;
  const poisons = [...unreadable, wrongMember(billId, memberId), unknownBill(random)];
  begin(`${2 * poisons.length} unusable records`);
  const records = [EMAIL, SMS]
    .flatMap((topic) => poisons.map((poison) => ({ topic, ...poison })))
    .map((record, index) => ({ ...record, id: String(poisoned.size + index) }));
  await publishUntilAcknowledged(
    deps,
    records.map(({ topic, value, id }) => ({ topic, key: billId, value, headers: { [poisonHeader]: id } })),
  );
  for (const { id, reason } of records) poisoned.set(id, reason);
}

/** A value, and the reason why it cannot be used. */
interface Poison {
  readonly value: string | null;
  readonly reason: PoisonReason;
}

const unreadable: readonly Poison[] = [
  { value: null, reason: 'EVENT_EMPTY' },
  { value: '', reason: 'EVENT_EMPTY' },
  { value: 'not JSON', reason: 'EVENT_NOT_JSON' },
  { value: '{"memberId":1,"billId":', reason: 'EVENT_NOT_JSON' },
  { value: '{"memberId":1}', reason: 'EVENT_BAD_ID' },
  { value: '{"memberId":1,"billId":-5}', reason: 'EVENT_BAD_ID' },
  { value: '{"memberId":1,"billId":9007199254740993.5}', reason: 'EVENT_BAD_ID' },
];

/** An event with the wrong member. */
function wrongMember(billId: string, memberId: string): Poison {
  return {
    value: `{"memberId":"${BigInt(memberId) + 1n}","billId":"${billId}"}`,
    reason: 'EVENT_MEMBER_MISMATCH',
  };
}

function unknownBill(random: Random): Poison {
  return {
    value: `{"memberId":1,"billId":"8${String(random.integer(0, 999_999_999)).padStart(18, '0')}"}`,
    reason: 'BILL_UNKNOWN',
  };
}
