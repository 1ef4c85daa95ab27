import type { BillAmounts } from './amounts.ts';
import type { SampleMember } from './member.ts';

/** One member in this many is written as untidily as real data are. */
export const membersPerOddity = 50n;

/**
 * The member, or for some ids one of the odd cases of docs/data.md: written as a loader, a spreadsheet or a
 * clerk might have written it. All of them can be sent, one by SMS only.
 */
export function withOddity(member: SampleMember): SampleMember {
  if (member.id % membersPerOddity !== 0n) return member;
  const oddity = oddities[Number((member.id / membersPerOddity) % BigInt(oddities.length))];
  return oddity === undefined ? member : oddity(member);
}

type Oddity = (member: SampleMember) => SampleMember;

const oddities: readonly Oddity[] = [
  (member) => withEmail(member, (email) => `${email}\r`),
  (member) => withEmail(member, (email) => `${member.name} <${email}>`),
  (member) => withEmail(member, (email) => `${email}; accounts.${email}`),
  (member) => withEmail(member, (email) => email.replace(/@.*/, '@gmail')),
  (member) => ({ ...member, phone: member.phone.replace(/^0/, '+82 ').replaceAll('-', ' ') }),
  (member) => ({ ...member, address: '', payment: { ...member.payment, name: '지로', number: '' } }),
  (member) => ({ ...member, name: `(주)${member.name}통신`, address: `(06236) ${member.address}` }),
  (member) => ({ ...member, name: 'Maria Fernanda Hernandez Rodriguez de la Cruz' }),
  (member) => withUnpaid(member, ({ totalAmount, totalDiscountAmount }) => totalDiscountAmount - totalAmount),
  (member) => withUnpaid(member, ({ totalAmount }) => -2 * totalAmount),
  (member) => withUnpaid(member, () => 1_234_567_890),
  (member) => withAmounts(withUnpaid(member, unpaidThatEndsIn3), cutToTenWon),
];

function withEmail(member: SampleMember, change: (email: string) => string): SampleMember {
  return {
    ...member,
    email: member.email === null ? null : change(member.email),
  };
}

function withUnpaid(member: SampleMember, unpaidOf: (amounts: BillAmounts) => number): SampleMember {
  return withAmounts(member, (amounts) => {
    const unpaidAmount = unpaidOf(amounts);
    const totalBilledAmount = amounts.totalAmount - amounts.totalDiscountAmount + unpaidAmount;
    return { ...amounts, unpaidAmount, totalBilledAmount };
  });
}

function withAmounts(member: SampleMember, change: (amounts: BillAmounts) => BillAmounts): SampleMember {
  return {
    ...member,
    bills: member.bills.map((bill, index) =>
      index === member.bills.length - 1 ? { ...bill, amounts: change(bill.amounts) } : bill,
    ),
  };
}

function unpaidThatEndsIn3({ totalAmount, totalDiscountAmount }: BillAmounts): number {
  return 10_003 - ((totalAmount - totalDiscountAmount) % 10);
}

function cutToTenWon(amounts: BillAmounts): BillAmounts {
  return {
    ...amounts,
    totalBilledAmount: Math.floor(amounts.totalBilledAmount / 10) * 10,
  };
}
