/** What the checker needs of a row of `bill_notification`, once everything is at rest. */
export interface FinalRow {
  readonly billId: string;
  readonly status: string;
  readonly channel: string;
  readonly cycle: number;
  /** Its next cycle will start without a person. */
  readonly comesAgain: boolean;
}

export interface BillVerdict {
  readonly lost: number;
  readonly duplicated: number;
  /** Bills that are FAILED or CANCELLED although the provider accepted them. */
  readonly untrue: number;
  readonly inDoubt: number;
  readonly delivered: number;
  readonly failed: number;
  /** One line per bill of the first three figures. */
  readonly violations: readonly string[];
}

/**
 * Pure: compares the rows with what the provider accepted. It shares no code with `billcast verify`. Nobody
 * asks for a resend in a run, so a bill may be accepted once over all cycles and channels. Another acceptance
 * may follow only if the bounce of the one before is on record.
 * @param ledgerKeys `<billId>:<channel>:<cycle>` of each acceptance, duplicates included
 * @param options `finalDoubts`: channels whose provider has no lookup, so a doubt stays;
 *   `bounced`: the keys of attempts with a recorded bounce
 */
export function checkBills(
  rows: readonly FinalRow[],
  ledgerKeys: readonly string[],
  {
    finalDoubts,
    bounced,
  }: { readonly finalDoubts: ReadonlySet<string>; readonly bounced: ReadonlySet<string> },
): BillVerdict {
  const acceptances = groupByBill(ledgerKeys);
  const kinds = { lost: 0, duplicated: 0, untrue: 0 };
  const violations: string[] = [];
  for (const row of rows) {
    const accepted = acceptances.get(row.billId) ?? [];
    for (const kind of violationsOf({ row, accepted, finalDoubts, bounced })) {
      kinds[kind] += 1;
      violations.push(describe(kind, row, accepted));
    }
  }
  const countOf = (status: string): number => rows.filter((row) => row.status === status).length;
  return {
    ...kinds,
    inDoubt: countOf('IN_DOUBT'),
    delivered: countOf('DELIVERED'),
    failed: countOf('FAILED'),
    violations,
  };
}

type Violation = 'lost' | 'duplicated' | 'untrue';

function violationsOf({
  row,
  accepted,
  finalDoubts,
  bounced,
}: {
  readonly row: FinalRow;
  readonly accepted: readonly string[];
  readonly finalDoubts: ReadonlySet<string>;
  readonly bounced: ReadonlySet<string>;
}): Violation[] {
  const found: Violation[] = [];
  if (!isFinal(row, finalDoubts) || (row.status === 'DELIVERED' && !accepted.includes(keyOf(row)))) {
    found.push('lost');
  }
  if (accepted.some((key, index) => index > 0 && !mayFollow(key, accepted.slice(0, index), bounced))) {
    found.push('duplicated');
  }
  if (['FAILED', 'CANCELLED'].includes(row.status) && accepted.some((key) => !bounced.has(key))) {
    found.push('untrue');
  }
  return found;
}

/** Whether all earlier acceptances bounced and were of other attempts. */
function mayFollow(key: string, earlier: readonly string[], bounced: ReadonlySet<string>): boolean {
  return earlier.every((before) => bounced.has(before) && before !== key);
}

function isFinal({ status, channel, comesAgain }: FinalRow, finalDoubts: ReadonlySet<string>): boolean {
  if (status === 'IN_DOUBT') return finalDoubts.has(channel);
  return status === 'DELIVERED' || status === 'CANCELLED' || (status === 'FAILED' && !comesAgain);
}

function describe(kind: Violation, row: FinalRow, accepted: readonly string[]): string {
  const state = `${row.status} by ${row.channel} in cycle ${row.cycle}`;
  return `${kind}: bill ${row.billId} is ${state}, accepted: ${accepted.join(' ') || 'never'}`;
}

function keyOf({ billId, channel, cycle }: FinalRow): string {
  return `${billId}:${channel}:${cycle}`;
}

function groupByBill(keys: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const billId = key.slice(0, key.indexOf(':'));
    const group = groups.get(billId) ?? [];
    groups.set(billId, group);
    group.push(key);
  }
  return groups;
}
