import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { ExpectedBill } from './expectedBill.ts';
import { TopList } from './topList.ts';

/** A bill with its amount, in minor units of its currency. */
export interface AmountOfBill {
  readonly billId: BillId;
  readonly amount: number;
  readonly currency: string;
}

export interface ChangedAmount extends AmountOfBill {
  readonly lastMonth: number;
  /** This month's amount divided by last month's. */
  readonly ratio: number;
}

/** How many bills there are, and the first or the most extreme few. */
export interface OutlierGroup<Bill> {
  readonly count: number;
  readonly bills: readonly Bill[];
}

/** Bills that a person should look at before a month goes out. */
export interface OutlierFacts {
  /** The longest messages of each channel. */
  readonly longest: readonly { readonly billId: BillId; readonly channel: Channel; readonly bytes: number }[];
  readonly mostItems: readonly { readonly billId: BillId; readonly items: number }[];
  readonly largest: readonly AmountOfBill[];
  readonly zero: OutlierGroup<AmountOfBill>;
  readonly negative: OutlierGroup<AmountOfBill>;
  /** Bills that are at least `unlikeFactor` times as large or as small as the member's last month. */
  readonly unlikeLastMonth: OutlierGroup<ChangedAmount>;
  readonly unlikeFactor: number;
}

const shown = 5;
const unlikeFactor = 3;

/** Finds outliers while all bills are looked at, and keeps a few of each kind. */
export class Outliers {
  readonly #defaultCurrency: string;
  readonly #longest = new Map<Channel, TopList<OutlierFacts['longest'][number]>>();
  readonly #mostItems = new TopList<OutlierFacts['mostItems'][number]>(shown, ({ items }) => items);
  readonly #largest = new TopList<AmountOfBill>(shown, ({ amount }) => amount);
  readonly #zero = new TopList<AmountOfBill>(shown, () => 0);
  readonly #negative = new TopList<AmountOfBill>(shown, ({ amount }) => -amount);
  readonly #unlike = new TopList<ChangedAmount>(shown, ({ ratio }) => Math.abs(Math.log(ratio)));
  #zeros = 0;
  #negatives = 0;
  #unlikes = 0;

  /** @param defaultCurrency the currency of bills that name none */
  constructor(defaultCurrency: string) {
    this.#defaultCurrency = defaultCurrency;
  }

  add({ billId, amount, currency, figures, end }: ExpectedBill): void {
    if (end.kind === 'goes') {
      const { channel, bytes } = end;
      const list = this.#longest.get(channel) ?? new TopList(shown, (one) => one.bytes);
      this.#longest.set(channel, list);
      list.add({ billId, channel, bytes });
    }
    const { items = null, lastMonth = null } = figures ?? {};
    if (items !== null && items > 0) this.#mostItems.add({ billId, items });
    if (amount === null) return;
    this.#addAmount({ billId, amount, currency: currency ?? this.#defaultCurrency }, lastMonth);
  }

  #addAmount(bill: AmountOfBill, lastMonth: number | null): void {
    const { amount } = bill;
    if (amount > 0) this.#largest.add(bill);
    if (amount === 0) {
      this.#zeros++;
      this.#zero.add(bill);
    }
    if (amount < 0) {
      this.#negatives++;
      this.#negative.add(bill);
    }
    if (lastMonth === null || lastMonth <= 0 || amount <= 0) return;
    const ratio = amount / lastMonth;
    if (ratio < unlikeFactor && ratio > 1 / unlikeFactor) return;
    this.#unlikes++;
    this.#unlike.add({ ...bill, lastMonth, ratio: Math.round(ratio * 100) / 100 });
  }

  facts(): OutlierFacts {
    return {
      longest: [...this.#longest.values()].flatMap(({ items }) => items),
      mostItems: this.#mostItems.items,
      largest: this.#largest.items,
      zero: { count: this.#zeros, bills: this.#zero.items },
      negative: { count: this.#negatives, bills: this.#negative.items },
      unlikeLastMonth: { count: this.#unlikes, bills: this.#unlike.items },
      unlikeFactor,
    };
  }
}
