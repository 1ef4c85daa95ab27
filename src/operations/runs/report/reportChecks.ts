import type { BillId } from '../../../bill.ts';
import type { PlainSum, ReportGroup } from '../../../db/runs/reportRows.ts';
import { billsNamed } from '../../../db/runs/reportRows.ts';
import { counted } from '../../../lib/counted.ts';
import type { CheckFacts, CheckName, SumFacts } from './reportFacts.ts';
import { isInBatch, type Summing } from './reportSums.ts';
import type { Tallied } from './reportTally.ts';

/** What was approved. */
export interface Approved {
  readonly bills: number;
  /** The sum in minor units, whatever the currency; null if it was not known. */
  readonly amount: string | null;
}

export interface CheckInput extends Tallied {
  readonly summing: Summing;
  readonly hasAmounts: boolean;
  /** The run whose released bills are in `plainSums`; undefined if they are of a month. */
  readonly run: number | undefined;
  readonly plainSums: readonly PlainSum[];
  /** What was approved, if anything was. */
  readonly approved: Approved | undefined;
}

/** The checks that hold if the report is right, each with the bills for which it does not. */
export function checkReport(input: CheckInput): CheckFacts[] {
  const { groups, hasAmounts, acceptedTwice } = input;
  const unpriced = groups.filter(
    ({ state, currency }) => hasAmounts && currency === null && state !== 'elsewhere',
  );
  return [
    wholeCheck(input),
    billCheck(
      'everyBillHasARow',
      groups.filter(({ state }) => state === 'noRow'),
    ),
    billCheck('everyAmountIsKnown', unpriced),
    billCheck(
      'everyDeliveryIsProved',
      groups.filter((group) => group.isUnproved && isInBatch(group)),
    ),
    named('nothingAcceptedTwice', acceptedTwice.bills, acceptedTwice.billIds),
    ...(input.approved === undefined ? [] : [approvedCheck(input, input.approved)]),
  ];
}

/** Checks that the windows saw each bill once: one statement over all bills must give the same sums. */
function wholeCheck({ groups, run, plainSums, summing }: CheckInput): CheckFacts {
  const counted = run === undefined ? groups : groups.filter((group) => group.run === run);
  return sumCheck('windowsEqualWhole', summing.sum(counted), summing.sum(plainSums));
}

function approvedCheck({ groups, hasAmounts }: CheckInput, { bills, amount }: Approved): CheckFacts {
  const batch = groups.filter(isInBatch);
  const found = {
    bills: batch.reduce((sum, group) => sum + group.bills, 0),
    amount: String(batch.reduce((sum, group) => sum + group.amount, 0n)),
  };
  const isSameAmount = amount === null || !hasAmounts || found.amount === amount;
  const ok = found.bills === bills && isSameAmount;
  const detail = `${found.bills} bills of ${found.amount} here, ${bills} of ${amount ?? 'an unknown amount'} approved`;
  return { name: 'sameAsApproved', ok, bills: null, billIds: [], detail: ok ? null : detail };
}

function sumCheck(name: CheckName, found: SumFacts, wanted: SumFacts): CheckFacts {
  const ok = isSame(found, wanted);
  const detail = ok ? null : `${inWords(found)} here, ${inWords(wanted)} there`;
  return { name, ok, bills: null, billIds: [], detail };
}

function isSame(a: SumFacts, b: SumFacts): boolean {
  return a.bills === b.bills && JSON.stringify(a.amounts) === JSON.stringify(b.amounts);
}

function inWords({ bills, amounts }: SumFacts): string {
  const sums = Object.entries(amounts ?? {}).map(([currency, amount]) => `${amount} ${currency}`);
  return [`${counted(bills, 'bill')}`, ...sums].join(', ');
}

function billCheck(name: CheckName, groups: readonly ReportGroup[]): CheckFacts {
  const bills = groups.reduce((sum, group) => sum + group.bills, 0);
  return named(name, bills, groups.flatMap(({ billIds }) => billIds).slice(0, billsNamed));
}

function named(name: CheckName, bills: number, billIds: readonly BillId[]): CheckFacts {
  const detail =
    bills === 0 ? null : `${counted(bills, 'bill')}${bills === 1 ? '' : ', such as'} ${billIds.join(', ')}`;
  return { name, ok: bills === 0, bills, billIds, detail };
}
