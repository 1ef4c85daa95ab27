import type { Live } from '../../api/contract/streamContract.ts';
import type { Told } from '../../api/contract/toldContract.ts';

/** Something that waits for a person, and what it is about. The worst comes first. */
export type Attention =
  | { readonly kind: 'old' | 'lag'; readonly told: Told }
  | {
      readonly kind: 'paused';
      readonly since: string | null;
      readonly by: string | null;
      readonly reason: string | null;
    }
  | { readonly kind: 'noDispatchers'; readonly due: number }
  | { readonly kind: 'brake' | 'trial'; readonly channel: string; readonly told: Told }
  | { readonly kind: 'doubts'; readonly bills: number; readonly oldestMs: number | null }
  | { readonly kind: 'failures'; readonly bills: number }
  | { readonly kind: 'silent'; readonly dispatchers: number }
  | { readonly kind: 'warmUp'; readonly planned: number; readonly plannedTomorrow: number | null }
  | { readonly kind: 'held'; readonly bills: number };

/** Pure: what needs a person now. */
export function attentionOf({ status, problem, problemTold }: Live): Attention[] {
  const { pause, dispatchers, brakes } = status;
  const due = dueOf(status);
  const stopped = Object.entries(brakes).flatMap(
    ([channel, { on, needsPerson, causeTold: told, kind }]): Attention[] =>
      on && kind !== 'pace' ? [{ kind: needsPerson ? 'brake' : 'trial', channel, told }] : [],
  );
  const lost = status.failed - status.retransmissions;
  const found: readonly (Attention | false)[] = [
    problem !== null && { kind: 'old', told: problemTold },
    pause.paused && {
      kind: 'paused',
      since: pause.pause?.since ?? null,
      by: pause.pause?.by ?? null,
      reason: pause.pause?.reason ?? null,
    },
    dispatchers.alive === 0 && due > 0 && { kind: 'noDispatchers', due },
    ...stopped,
    warmUpOf(status),
    status.inDoubt > 0 && { kind: 'doubts', bills: status.inDoubt, oldestMs: status.oldestDoubtMs },
    lost > 0 && { kind: 'failures', bills: lost },
    dispatchers.silent > 0 && { kind: 'silent', dispatchers: dispatchers.silent },
    status.lagProblem !== null && { kind: 'lag', told: status.lagProblemTold },
    status.held > 0 && { kind: 'held', bills: status.held },
  ];
  return found.filter((entry) => entry !== false);
}

/** A warm-up ends by itself, but the page must say why nothing goes out. */
function warmUpOf({ warmup }: Live['status']): Attention | false {
  const all = warmup?.numbers.find(({ receiver, isUsedUp }) => receiver === null && isUsedUp);
  if (all === undefined) return false;
  return { kind: 'warmUp', planned: all.planned ?? 0, plannedTomorrow: all.plannedTomorrow };
}

type DueCounts = Pick<Live['status'], 'pending' | 'held' | 'waiting'>;

/** Bills that may go out now: PENDING, neither held nor waiting for a time. */
export function dueOf({ pending, held, waiting }: DueCounts): number {
  return Math.max(0, pending - held - waiting);
}
