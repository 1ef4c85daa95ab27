import type { BillId } from '../../bill.ts';
import type { ForecastFacts } from '../forecast/forecast.ts';

/** What is known about a bill before it is chosen. */
export interface SampleFacts<Bill> {
  readonly bill: Bill;
  /** The size of its text in the database. */
  readonly bytes: number;
  readonly isNothingDue: boolean;
}

/**
 * Pure: chooses the bills for the seed addresses: an ordinary one, the longest, the shortest, and one with
 * nothing to pay. A bill is chosen once.
 */
export function chooseSamples<Bill>(facts: readonly SampleFacts<Bill>[]): Bill[] {
  const bySize = facts.toSorted((a, b) => a.bytes - b.bytes);
  const chosen = [
    bySize[bySize.length >> 1],
    bySize.at(-1),
    bySize[0],
    facts.find(({ isNothingDue }) => isNothingDue),
  ];
  return [...new Set(chosen.flatMap((one) => (one === undefined ? [] : [one.bill])))];
}

/**
 * Pure: the extreme bills of a forecast: the longest message of each channel, the most items, the largest
 * amount, one of zero.
 */
export function outlyingBills(forecast: Readonly<Record<string, unknown>> | undefined): BillId[] {
  const { outliers } = (forecast ?? {}) as Partial<ForecastFacts>;
  if (outliers === undefined) return [];
  const { longest, mostItems, largest, zero } = outliers;
  const longestOfEach = [...Map.groupBy(longest, ({ channel }) => channel).values()].map(([first]) => first);
  const found = [...longestOfEach, mostItems[0], largest[0], zero.bills[0]];
  return [...new Set(found.flatMap((one) => (one === undefined ? [] : [one.billId])))];
}
