import { homeCountry } from '../../homeCountry.ts';
import type { EncryptedField } from '../cipher/cipher.ts';
import type { FieldCiphers } from '../cipher/fieldCiphers.ts';
import { builtInWords } from '../template/languageWords.ts';
import { type BillView, billViewOf, type SmsView, smsViewOf } from './billView.ts';
import { loadedText } from './parseSourceBill.ts';
import type { CompleteBill } from './sourceBill.ts';
import { createValueWords } from './valueWords.ts';

/** A made-up bill with something in every place. Templates are checked against it, and previews show it. */
export const sampleBill = {
  billId: '7',
  memberId: '3',
  cycle: 1,
  language: null,
  member: {
    name: '홍길동',
    email: 'hong.gildong@example.com',
    phone: homeCountry.numbers?.example ?? '010-1234-5678',
    address: '서울특별시 강남구 테헤란로 123 8층',
    grade: 'VIP',
  },
  bill: {
    billingMonth: '2026-11-01',
    totalAmount: 125_400,
    vat: 11_400,
    unpaidAmount: 12_000,
    totalDiscountAmount: 38_500,
    totalBilledAmount: 98_900,
    monthlyFee: 104_500,
    additionalFee: 20_900,
    dueDate: '2026-11-25',
    issuedAt: '2026-11-03T00:00:00+00:00',
    paymentOwnerName: '홍길동',
    paymentName: '신한카드',
    paymentNumber: '1234-5678-9012-3456',
    currency: null,
  },
  items: [
    { category: 'SUBSCRIPTION', subcategory: '요금제', name: '5G 프리미어 에센셜', amount: 85_000 },
    { category: 'SUBSCRIPTION', subcategory: '부가서비스', name: 'V컬러링 플러스', amount: 3_300 },
    { category: 'SUBSCRIPTION', subcategory: '단말기', name: '휴대폰 분실·파손 보험', amount: 16_200 },
    { category: 'OVER_USAGE', subcategory: null, name: '데이터 초과 사용 1.2GB', amount: 11_000 },
    { category: 'ONE_TIME_PURCHASE', subcategory: '소액결제', name: '콘텐츠 이용료', amount: 9_900 },
    { category: 'DISCOUNT', subcategory: '약정', name: '선택약정 25% 할인', amount: 21_250 },
    { category: 'DISCOUNT', subcategory: '결합', name: '가족 결합 할인', amount: 13_250 },
    { category: 'DISCOUNT', subcategory: null, name: '장기 고객 할인', amount: 4_000 },
  ],
  months: [
    { billingMonth: '2026-10-01', totalBilledAmount: 84_300 },
    { billingMonth: '2026-09-01', totalBilledAmount: 112_750 },
  ],
} as const satisfies CompleteBill;

const koreanWords = createValueWords(builtInWords('ko'));

/** The view of the sample bill for an e-mail's template. */
export function sampleBillView(): BillView {
  const format = { words: koreanWords, dayOf: () => '2026년 11월 3일' };
  return billViewOf(sampleBill, { ...sampleBill.member, ...sampleBill.bill }, format);
}

/** The view of the sample bill for an SMS's template. */
export function sampleSmsView(): SmsView {
  return smsViewOf(sampleBill, sampleBill.member.name, koreanWords);
}

/** Longer than most: a name of four syllables, an amount of six digits, a day of two. */
export const usualBill = billOf('남궁민수', 999_990);
/** The longest: a name that stays as long as masking allows, and an amount of ten digits. */
export const longestBill = billOf('Maximilian Bartholomew Christopher', 9_999_999_990);

function billOf(name: string, amount: number): CompleteBill {
  return {
    ...sampleBill,
    billId: '1000000000',
    member: { ...sampleBill.member, name },
    bill: {
      ...sampleBill.bill,
      billingMonth: '2026-12-01',
      dueDate: '2026-12-31',
      unpaidAmount: amount,
      totalBilledAmount: amount,
    },
  };
}

/** A bill in the form in which the database gives it: sealed, as one text. */
export function sealedText({ member, bill, ...rest }: CompleteBill, ciphers: FieldCiphers): string {
  const seal = (field: EncryptedField, text: string) => ciphers.seal(field, rest.memberId, text);
  return loadedText({
    ...rest,
    member: {
      ...member,
      name: seal('name', member.name),
      email: member.email === null ? null : seal('email', member.email),
      phone: member.phone === null ? null : seal('phone', member.phone),
      address: member.address === null ? null : seal('address', member.address),
    },
    bill: {
      ...bill,
      paymentOwnerName: seal('paymentOwnerName', bill.paymentOwnerName),
      paymentNumber: seal('paymentNumber', bill.paymentNumber),
    },
  });
}
