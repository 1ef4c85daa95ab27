import { type CanaryOutcomes, type GateName, gateNames, type TopReason } from './gates.ts';

/** The bills of a canary that have the same result. */
export interface CanaryGroup {
  readonly bills: number;
  readonly isOnItsWay: boolean;
  /** Whether they wait for a time that is at least a minute away. */
  readonly isWaiting: boolean;
  readonly isUnknown: boolean;
  readonly isFailed: boolean;
  readonly hasTurned: boolean;
  /** Refused at any step, or in an earlier cycle. */
  readonly isRefused: boolean;
  /** `blocked`: the provider rejects the sender or the text. */
  readonly cameBack: 'bounced' | 'blocked' | null;
  /** The reason in the row. If a bill turned and was then accepted, the reason of its first failure. */
  readonly reason: string | null;
}

/** Pure: the counts that the gates judge. A bill may count for several of them. */
export function countCanary(groups: readonly CanaryGroup[]): CanaryOutcomes {
  const sum = (isCounted: (group: CanaryGroup) => boolean): number =>
    groups.reduce((bills, group) => bills + (isCounted(group) ? group.bills : 0), 0);
  const perGate = <Value>(make: (gate: GateName) => Value): Record<GateName, Value> =>
    Object.fromEntries(gateNames.map((gate) => [gate, make(gate)])) as Record<GateName, Value>;
  return {
    bills: sum(() => true),
    onTheirWay: sum(({ isOnItsWay }) => isOnItsWay),
    waiting: sum(({ isWaiting }) => isWaiting),
    counts: perGate((gate) => sum(counted[gate])),
    reasons: withoutMissing(perGate((gate) => topReason(groups.filter(counted[gate])))),
  };
}

const counted: Readonly<Record<GateName, (group: CanaryGroup) => boolean>> = {
  refused: ({ isRefused }) => isRefused,
  unknown: ({ isUnknown }) => isUnknown,
  turned: ({ hasTurned }) => hasTurned,
  policy: isAgainstPolicy,
  // NOTHING_DUE is no mistake: a setting says that a bill of 0 is not sent by SMS.
  failed: (group) =>
    group.isFailed && !group.isRefused && !isAgainstPolicy(group) && group.reason !== 'NOTHING_DUE',
  bounced: ({ cameBack }) => cameBack === 'bounced',
};

function isAgainstPolicy({ isFailed, reason, cameBack }: CanaryGroup): boolean {
  return cameBack === 'blocked' || (isFailed && reason === 'PROVIDER_REJECTS_BILL');
}

/** Bills that have not ended and do not wait for quiet hours, and the most frequent reason. */
export interface OpenBills {
  readonly bills: number;
  readonly top: TopReason | undefined;
}

/** Pure: counts the open bills of a canary. */
export function openBillsOf(groups: readonly CanaryGroup[]): OpenBills {
  const open = groups.filter(
    ({ isOnItsWay, isWaiting, reason }) => isOnItsWay || (isWaiting && reason !== 'QUIET_HOURS'),
  );
  return { bills: open.reduce((sum, { bills }) => sum + bills, 0), top: topReason(open) };
}

function topReason(groups: readonly CanaryGroup[]): TopReason | undefined {
  const bills = new Map<string, number>();
  for (const { reason, bills: more } of groups) {
    if (reason !== null) bills.set(reason, (bills.get(reason) ?? 0) + more);
  }
  const [top] = [...bills].toSorted(([, a], [, b]) => b - a);
  return top && { reason: top[0], bills: top[1] };
}

function withoutMissing(
  reasons: Readonly<Record<GateName, TopReason | undefined>>,
): Partial<Record<GateName, TopReason>> {
  return Object.fromEntries(Object.entries(reasons).filter(([, top]) => top !== undefined));
}
