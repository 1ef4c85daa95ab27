import { type ReportEnd, type ReportGroup, reportEnds } from '../../../db/runs/reportRows.ts';
import type { EndFacts, SumFacts } from './reportFacts.ts';

/** Bills and amounts that are added up. */
type Addend = Pick<ReportGroup, 'bills' | 'currency' | 'amount'>;

export type EndAddend = Pick<ReportGroup, 'state' | 'bills' | 'currency' | 'amount'>;

/** Adds up bills and amounts. Amounts are null if the source gives none. */
export interface Summing {
  sum(groups: readonly Addend[]): SumFacts;
  /** One sum per end. Groups in other states are not counted. */
  ends(groups: readonly EndAddend[]): EndFacts;
  /** The ends per key, in the order of the keys. */
  endsBy(
    groups: readonly ReportGroup[],
    keyOf: (group: ReportGroup) => string,
  ): (readonly [key: string, ends: EndFacts, first: ReportGroup])[];
}

export function createSumming(hasAmounts: boolean): Summing {
  const sum = (groups: readonly Addend[]): SumFacts => ({
    bills: groups.reduce((bills, group) => bills + group.bills, 0),
    amounts: hasAmounts ? amountsOf(groups) : null,
  });
  const ends = (groups: readonly EndAddend[]): EndFacts =>
    Object.fromEntries(
      reportEnds.map((end) => [end, sum(groups.filter(({ state }) => state === end))]),
    ) as EndFacts;
  return {
    sum,
    ends,
    endsBy(groups, keyOf) {
      const grouped = Map.groupBy(groups.filter(isInBatch), keyOf);
      return [...grouped]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([key, alike]) => {
          const [first] = alike;
          return first === undefined ? [] : [[key, ends(alike), first] as const];
        });
    },
  };
}

/** Whether the bills belong to the reported batch, and not to what is outside it. */
export function isInBatch({ state }: EndAddend): boolean {
  return reportEnds.some((end: ReportEnd) => end === state);
}

function amountsOf(groups: readonly Addend[]): Readonly<Record<string, string>> {
  const sums = new Map<string, bigint>();
  for (const { currency, amount } of groups) {
    if (currency !== null) sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  }
  const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([currency, amount]) => [currency, String(amount)]));
}
