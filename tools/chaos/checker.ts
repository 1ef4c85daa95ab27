/** A row of `bill_notification` when all is quiet, as far as the account needs it. */
export interface FinalRow {
  readonly billId: string;
  readonly status: string;
  readonly channel: string;
  readonly cycle: number;
  /** It will start over by itself. */
  readonly comesAgain: boolean;
}

export interface BillVerdict {
  readonly lost: number;
  readonly duplicated: number;
  /** FAILED or CANCELLED, although the provider accepted it. */
  readonly untrue: number;
  readonly inDoubt: number;
  readonly delivered: number;
  readonly failed: number;
  /** The bills behind the first three figures, with why. */
  readonly violations: readonly string[];
}

/**
 * Pure: compares what the rows say with what the provider accepted, and shares no code with `billcast verify`. Nobody
 * asks for a second sending in a run, so a bill may be accepted once, whatever its cycles and channels; only after
 * the bounce of one acceptance, which must be on record, another attempt may follow.
 * @param ledgerKeys `<billId>:<channel>:<cycle>` of each acceptance, duplicates included
 * @param options `doubtIsFinal`: the provider has no lookup, so that nobody can end a doubt; `bounced`: the keys of
 *   attempts whose bounce is on record
 */
export function checkBills(
  rows: readonly FinalRow[],
  ledgerKeys: readonly string[],
  { doubtIsFinal, bounced }: { readonly doubtIsFinal: boolean; readonly bounced: ReadonlySet<string> },
): BillVerdict {
  const acceptances = groupByBill(ledgerKeys);
  const kinds = { lost: 0, duplicated: 0, untrue: 0 };
  const violations: string[] = [];
  for (const row of rows) {
    const accepted = acceptances.get(row.billId) ?? [];
    for (const kind of violationsOf({ row, accepted, doubtIsFinal, bounced })) {
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
  doubtIsFinal,
  bounced,
}: {
  readonly row: FinalRow;
  readonly accepted: readonly string[];
  readonly doubtIsFinal: boolean;
  readonly bounced: ReadonlySet<string>;
}): Violation[] {
  const found: Violation[] = [];
  if (!isFinal(row, doubtIsFinal) || (row.status === 'DELIVERED' && !accepted.includes(keyOf(row)))) {
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

/** Whether all earlier acceptances have bounced, and were other attempts than this one. */
function mayFollow(key: string, earlier: readonly string[], bounced: ReadonlySet<string>): boolean {
  return earlier.every((before) => bounced.has(before) && before !== key);
}

function isFinal({ status, comesAgain }: FinalRow, doubtIsFinal: boolean): boolean {
  if (status === 'IN_DOUBT') return doubtIsFinal;
  return status === 'DELIVERED' || status === 'CANCELLED' || (status === 'FAILED' && !comesAgain);
}

function describe(kind: Violation, row: FinalRow, accepted: readonly string[]): string {
  return `${kind}: bill ${row.billId} is ${row.status} by ${row.channel} in cycle ${row.cycle}, accepted: ${accepted.join(' ') || 'never'}`;
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
