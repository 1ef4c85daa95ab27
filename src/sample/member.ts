import { homeCountry, usualHome } from '../homeCountry.ts';
import { sampleAddress } from './addresses.ts';
import { type SampleBill, sampleBills } from './makeBill.ts';
import { type PersonName, sampleName } from './names.ts';
import { type SamplePayment, samplePayment } from './payments.ts';
import { type Choices, createRandom, type Random, type Weighted } from './random.ts';

/** A sample member with the last four bills: no real person, and nothing encrypted yet. */
export interface SampleMember {
  readonly id: bigint;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string;
  readonly address: string;
  readonly grade: string;
  /** When no message is wanted; null: always allowed. It crosses midnight if the end is before the start. */
  readonly doNotDisturb: Hours | null;
  readonly payment: SamplePayment;
  /** Oldest first; the last one is the bill of the month. */
  readonly bills: readonly SampleBill[];
}

/** From and until, times of day as `HH:MM`. */
export interface Hours {
  readonly start: string;
  readonly end: string;
}

/** Share of members without an e-mail address. */
const withoutEmailShare = 0.003;

/** Share of members with do-not-disturb hours. */
const doNotDisturbShare = 0.1;

/**
 * The member with that id. The same seed, id and month give the same member and bills, whichever other
 * members are made.
 * @param month the month of the last bill, its first day as `YYYY-MM-DD`
 */
export function sampleMember(seed: number, id: bigint, month: string): SampleMember {
  const random = createRandom(seed, id);
  const name = sampleName(random);
  return {
    id,
    name: name.hangul,
    email: random.chance(withoutEmailShare) ? null : emailOf(random, name, id),
    phone: phoneOf(id),
    address: sampleAddress(random),
    grade: random.pickWeighted(grades).name,
    doNotDisturb: random.chance(doNotDisturbShare) ? random.pick(quietHours) : null,
    payment: samplePayment(random, name),
    bills: sampleBills(random, month),
  };
}

/** One of the domains that RFC 2606 keeps free for examples, so that no message can ever reach anybody. */
function emailOf(random: Random, { latin }: PersonName, id: bigint): string {
  return `${latin}${id}@${random.pick(['example.com', 'example.net', 'example.org'])}`;
}

/**
 * Subscriber numbers in Korea begin with 2 to 9. These begin with 0 or 1, so they ring nowhere. 20,000,000
 * members in a row have different numbers, because the factor and the modulus have no common divisor.
 */
function phoneOf(id: bigint): string {
  const prefix = homeCountry.code === usualHome ? '010' : '+82 10';
  const digits = String((id * 7_654_321n) % 20_000_000n).padStart(8, '0');
  return `${prefix}-${digits.slice(0, 4)}-${digits.slice(4)}`;
}

const grades: Choices<Weighted & { readonly name: string }> = [
  { name: '일반', weight: 50 },
  { name: 'SILVER', weight: 25 },
  { name: 'GOLD', weight: 15 },
  { name: 'VIP', weight: 8 },
  { name: 'VVIP', weight: 2 },
];

const quietHours: Choices<Hours> = [
  { start: '22:00', end: '08:00' },
  { start: '21:00', end: '09:00' },
  { start: '23:30', end: '06:30' },
  { start: '00:00', end: '07:00' },
  { start: '09:00', end: '12:00' },
  { start: '12:00', end: '13:30' },
  { start: '13:00', end: '18:00' },
  { start: '18:30', end: '20:00' },
];
