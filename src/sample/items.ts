import type { Charge } from './amounts.ts';
import {
  addOns,
  type Discount,
  discounts,
  type Product,
  plans,
  purchases,
  type Usage,
  usages,
} from './products.ts';
import type { Random } from './random.ts';

/** One line of a bill. */
export interface SampleItem extends Charge {
  readonly subcategory: string | null;
  readonly name: string;
  /** What a JSON column holds; null if there is nothing to add. */
  readonly detail: Readonly<Record<string, string | number>> | null;
}

/** What a member pays every month, and what is deducted: the subscriptions, then the discounts. */
export interface Contract {
  readonly subscriptions: readonly SampleItem[];
  readonly discounts: readonly SampleItem[];
}

/** 3 to 10 lines; the discounts are less than the plan, so that no bill is ever below 0. */
export function sampleContract(random: Random): Contract {
  const plan = random.pick(plans);
  const extras = random.draw(addOns, random.integer(1, 5));
  const granted = random.draw(discounts, random.integer(1, 4));
  return {
    subscriptions: [plan, ...extras].map(subscription),
    discounts: granted.map((discount) => discountOf(plan, discount)),
  };
}

/** The extra charges of one month: 1 to 10 lines, most often few. */
export function sampleExtras(random: Random, usageMonth: string): SampleItem[] {
  const most = random.chance(0.2) ? 5 : 2;
  const used = random.draw(usages, random.integer(1, most));
  const bought = random.draw(purchases, random.integer(0, most));
  return [
    ...used.map((usage) => overUsage(usage, random.integer(1, usage.mostUnits))),
    ...bought.map((product) => purchase(product, `${usageMonth.slice(0, 8)}${random.integer(10, 28)}`)),
  ];
}

function subscription({ subcategory, name, priceWon }: Product): SampleItem {
  return {
    category: 'SUBSCRIPTION',
    subcategory,
    name,
    amount: priceWon,
    detail: null,
  };
}

function overUsage({ subcategory, name, priceWon, unit }: Usage, quantity: number): SampleItem {
  return {
    category: 'OVER_USAGE',
    subcategory,
    name,
    amount: priceWon * quantity,
    detail: { quantity, unit },
  };
}

function purchase({ subcategory, name, priceWon }: Product, purchasedOn: string): SampleItem {
  return {
    category: 'ONE_TIME_PURCHASE',
    subcategory,
    name,
    amount: priceWon,
    detail: { purchasedOn },
  };
}

function discountOf(plan: Product, { subcategory, name, planShare }: Discount): SampleItem {
  return {
    category: 'DISCOUNT',
    subcategory,
    name,
    amount: Math.round(plan.priceWon * planShare),
    detail: null,
  };
}
