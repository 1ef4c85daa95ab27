import { type Hindrance, hindrancesOf, hindranceText } from './hindrances.ts';
import type { ClusterState, CountFacts } from './liveStatus.ts';

/** Something that continues only if a person acts. */
export type PersonNeed =
  | { readonly kind: 'hindrance'; readonly hindrance: Hindrance }
  | { readonly kind: 'inDoubt'; readonly bills: number; readonly oldestMs: number }
  /** Bills that have used up their cycles, or were refused for good. */
  | { readonly kind: 'failed'; readonly bills: number }
  | { readonly kind: 'held'; readonly bills: number }
  /** The names of dispatchers. */
  | { readonly kind: 'silent'; readonly dispatchers: readonly string[] };

/** Pure: what needs a person now, most urgent first. */
export function personNeedsOf({
  counted: { counts },
  cluster,
}: {
  readonly counted: CountFacts;
  readonly cluster: ClusterState;
}): PersonNeed[] {
  const needs: PersonNeed[] = [];
  for (const hindrance of hindrancesOf(cluster)) {
    const isIdle = hindrance.kind === 'noDispatcher' && dueBills(counts) === 0;
    if (!isIdle && hindrance.kind !== 'warmingUp') needs.push({ kind: 'hindrance', hindrance });
  }
  const { inDoubt, oldestDoubtMs } = cluster;
  if (inDoubt > 0) needs.push({ kind: 'inDoubt', bills: inDoubt, oldestMs: oldestDoubtMs });
  if (cluster.silent.length > 0) needs.push({ kind: 'silent', dispatchers: cluster.silent });
  const failed = counts.failed - counts.retransmissions;
  if (failed > 0) needs.push({ kind: 'failed', bills: failed });
  if (counts.held > 0) needs.push({ kind: 'held', bills: counts.held });
  return needs;
}

/** Bills on their way that wait only for their turn. */
export function dueBills({
  pending,
  held,
  waiting,
  sending,
  sent,
}: Pick<CountFacts['counts'], 'pending' | 'held' | 'waiting' | 'sending' | 'sent'>): number {
  return Math.max(0, pending - held - waiting) + sending + sent;
}

/** A need in one sentence, with the command that settles it. */
export function personNeedText(
  need: PersonNeed,
  { time, count }: { readonly time: (at: Date) => string; readonly count: (bills: number) => string },
): string {
  switch (need.kind) {
    case 'hindrance':
      return hindranceText(need.hindrance, time);
    case 'inDoubt':
      return (
        `Bills in doubt: ${count(need.bills)}, the oldest for ${Math.round(need.oldestMs / 1_000)} s. ` +
        '`billcast resolve --list` shows them.'
      );
    case 'failed':
      return (
        `Failed, and not retried by themselves: ${count(need.bills)}. \`billcast failures\` groups them by reason, ` +
        '`billcast retry` sends them again.'
      );
    case 'held':
      return `Held: ${count(need.bills)}. \`billcast publish --month YYYY-MM\` releases them; so does a run.`;
    case 'silent':
      return (
        `Dispatchers that are silent: ${need.dispatchers.join(', ')}. The others take back their bills; look at ` +
        'the logs of these.'
      );
    default:
      return need satisfies never;
  }
}
