import { type PersonName, sampleRelative } from './names.ts';
import type { Choices, Random } from './random.ts';

/** How a member pays. */
export interface SamplePayment {
  readonly ownerName: string;
  /** The card's or the bank's name. */
  readonly name: string;
  readonly number: string;
}

/**
 * A card or a bank account, of the member or now and then of a relative. Every number begins with a 0, which
 * no issuer of payment cards has (ISO/IEC 7812-1).
 */
export function samplePayment(random: Random, member: PersonName): SamplePayment {
  const ownerName = random.chance(0.08) ? sampleRelative(random, member).hangul : member.hangul;
  return random.chance(0.65)
    ? { ownerName, name: random.pick(cards), number: cardNumber(random) }
    : { ownerName, name: random.pick(banks), number: accountNumber(random) };
}

function cardNumber(random: Random): string {
  return [random.integer(0, 999), ...[1, 2, 3].map(() => random.integer(0, 9_999))]
    .map((group) => String(group).padStart(4, '0'))
    .join('-');
}

function accountNumber(random: Random): string {
  return `000-${random.integer(10, 99)}-${String(random.integer(0, 999_999)).padStart(6, '0')}`;
}

const cards: Choices<string> = [
  '신한카드',
  '삼성카드',
  '현대카드',
  'KB국민카드',
  '롯데카드',
  '우리카드',
  '하나카드',
  'NH농협카드',
];

const banks: Choices<string> = [
  '국민은행',
  '신한은행',
  '우리은행',
  '하나은행',
  '농협은행',
  '기업은행',
  '우체국',
  '새마을금고',
];
