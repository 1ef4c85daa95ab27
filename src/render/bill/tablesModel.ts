import { homeCountry, usualHome } from '../../homeCountry.ts';
import { monthKey, monthOf, monthsBefore } from './billingDates.ts';
import type { BillModel } from './billModel.ts';
import { type BillRules, defaultBillRules } from './billRules.ts';
import { findContradiction } from './billSums.ts';
import { billViewOf, smsViewOf } from './billView.ts';
import { parseSourceBill } from './parseSourceBill.ts';
import {
  longestBill,
  sampleBill,
  sampleBillView,
  sampleSmsView,
  sealedText,
  usualBill,
} from './sampleBill.ts';
import { sealedFieldsOf } from './sealedFields.ts';
import type { CompleteBill, LoadedMonth } from './sourceBill.ts';

export interface TablesModelOptions {
  /** Default: `defaultBillRules`. */
  readonly rules?: BillRules | undefined;
  /** `CURRENCY`, for bills that name none. Default: `KRW`. */
  readonly currency?: string | undefined;
}

/** The shape of the tables `member`, `bill` and `bill_item`; docs/data.md has its rules. */
export function createTablesModel({
  rules = defaultBillRules,
  currency = 'KRW',
}: TablesModelOptions = {}): BillModel {
  return {
    read(text) {
      const parsed = parseSourceBill(text);
      if (parsed.kind !== 'complete') return parsed;
      const isInWon = (parsed.bill.bill.currency ?? currency) === 'KRW';
      const detail = findContradiction(parsed.bill, rules.toleranceWon, isInWon);
      return detail === undefined ? parsed : { kind: 'incomplete', detail };
    },
    contactsOf: ({ member }: CompleteBill) => member,
    figuresOf: ({ bill, items, months }: CompleteBill) => ({
      items: items.length,
      lastMonth: lastMonthOf(bill.billingMonth, months),
    }),
    isNothingDue: ({ bill }: CompleteBill) => bill.totalBilledAmount <= 0,
    emailView(loaded: CompleteBill, to, { open, format }) {
      const { member, bill } = loaded;
      const personal = {
        name: open('name', member.name),
        email: to,
        address: open('address', member.address ?? ''),
        paymentOwnerName: open('paymentOwnerName', bill.paymentOwnerName),
        paymentNumber: open('paymentNumber', bill.paymentNumber),
      };
      return billViewOf(loaded, personal, { words: format.wordsIn(bill.currency), dayOf: format.dayOf });
    },
    textView: (loaded: CompleteBill, { open, format }) =>
      smsViewOf(loaded, open('name', loaded.member.name), format.wordsIn(loaded.bill.currency)),
    sampleViews: () => ({ email: sampleBillView(), text: sampleSmsView() }),
    sampleText: (ciphers, language) => sealedText({ ...sampleBill, language }, ciphers),
    textForecast(format) {
      // Carriers of other countries do not count in CP949.
      if (homeCountry.code !== usualHome) return undefined;
      const viewOf = (bill: CompleteBill) => smsViewOf(bill, bill.member.name, format.wordsIn(null));
      return { usual: viewOf(usualBill), longest: viewOf(longestBill) };
    },
    lackingFields: () => [],
    sealedFieldsOf,
  };
}

/** Pure. @param month the bill's own month, as `YYYY-MM-DD` */
function lastMonthOf(month: string, months: readonly LoadedMonth[]): number | null {
  const before = monthKey(monthsBefore(monthOf(month), 1));
  const amounts = months.filter(({ billingMonth }) => billingMonth.startsWith(before));
  if (amounts.length === 0) return null;
  return amounts.reduce((sum, { totalBilledAmount }) => sum + totalBilledAmount, 0);
}
