import type { Random } from '../../sample/random.ts';
import { selectBills } from '../rows.ts';
import { type Arena, publishUntilAcknowledged } from './strike.ts';

/** Records that nobody can use, between those of real bills. */
export const strikePoison = async (arena: Arena): Promise<void> => {
  const { world, random, begin } = arena;
  const [bill] = await selectBills(world.database, { from: random.integer(0, 99) / 100, limit: 1 });
  const [billId = '1', memberId = '1'] = bill ?? [];
  const { email, sms } = world.config.kafka.topics;
  const values = [...unreadable, strangersBill(billId, memberId), billOfNobody(random)];
  begin(`${2 * values.length} records that cannot be used`);
  const records = [email, sms].flatMap((topic) => values.map((value) => ({ topic, key: billId, value })));
  await publishUntilAcknowledged(arena, records);
  world.poisoned += records.length;
};

const unreadable = [
  null,
  '',
  'not JSON',
  '{"memberId":1,"billId":',
  '{"memberId":1}',
  '{"memberId":1,"billId":-5}',
  '{"memberId":1,"billId":9007199254740993.5}',
];

/** The bill of somebody else. */
const strangersBill = (billId: string, memberId: string): string =>
  `{"memberId":"${BigInt(memberId) + 1n}","billId":"${billId}"}`;

/** Another one each time: of what comes twice in one batch, one is enough for the dead letters. */
const billOfNobody = (random: Random): string =>
  `{"memberId":1,"billId":"8${String(random.integer(0, 999_999_999)).padStart(18, '0')}"}`;
