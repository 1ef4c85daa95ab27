import { type Channel, channelNames } from '../channels.ts';
import type { Thrown } from '../db/control.ts';
import type { BrakeState } from '../db/reads/brakeStates.ts';
import { needsPerson } from '../policy/brake/verdict.ts';
import { brakeText, resumeCommand, thrownText } from './explain/switches.ts';
import { type ClusterState, readClusterState } from './liveStatus.ts';
import type { OperationDeps } from './operationDeps.ts';
import { usedUpNumber, type WarmupNumber, type WarmupState, warmupText } from './warmupToday.ts';

/** Something that prevents released bills from being sent now. */
export type Hindrance =
  | { readonly kind: 'noDispatcher' }
  | { readonly kind: 'paused'; readonly pause: Thrown }
  | { readonly kind: 'braked'; readonly channel: Channel; readonly brake: BrakeState }
  /** Today's mails of the warm-up plan are used up. This ends by itself. */
  | { readonly kind: 'warmingUp'; readonly state: WarmupState; readonly number: WarmupNumber };

/** Everything that prevents bills from being sent now; empty if they are sent. */
export async function readHindrances(deps: Pick<OperationDeps, 'config' | 'database'>): Promise<Hindrance[]> {
  return hindrancesOf(await readClusterState(deps));
}

/** Pure. A brake that only slows sending down is no hindrance. */
export function hindrancesOf({
  alive,
  control,
  brakes,
  warmup,
}: Pick<ClusterState, 'alive' | 'control' | 'brakes' | 'warmup'>): Hindrance[] {
  const braked = channelNames.flatMap((channel): Hindrance[] => {
    const brake = brakes[channel];
    return brake?.on && brake.kind !== 'pace' ? [{ kind: 'braked', channel, brake }] : [];
  });
  return [
    ...(alive === 0 ? [{ kind: 'noDispatcher' } as const] : []),
    ...(control.pause === null ? [] : [{ kind: 'paused', pause: control.pause } as const]),
    ...braked,
    ...warmingUp(warmup),
  ];
}

function warmingUp(state: WarmupState | null): Hindrance[] {
  const number = usedUpNumber(state);
  return state === null || number === undefined ? [] : [{ kind: 'warmingUp', state, number }];
}

/** A hindrance in one sentence, with the command that ends it. */
export function hindranceText(hindrance: Hindrance, time: (at: Date) => string): string {
  switch (hindrance.kind) {
    case 'noDispatcher':
      return (
        'No dispatcher is running, so nothing is sent: start one with `npx pm2 start ecosystem.config.js`, or with ' +
        '`npm start -- --serve` to try it out.'
      );
    case 'paused':
      return `Sending is paused ${thrownText(hindrance.pause, time)}. \`billcast resume\` ends the pause.`;
    case 'braked': {
      const { channel, brake } = hindrance;
      const listed = { channel, brake, provider: null };
      const release = `\`billcast ${resumeCommand(listed)}\``;
      return brake.kind !== null && brake.kind !== 'pace' && needsPerson(brake.kind)
        ? `${brakeText(listed, time)}. It waits for a person: find the cause, then ${release}.`
        : `${brakeText(listed, time)}. One bill at a time tries whether it works again; ${release} does not wait.`;
    }
    case 'warmingUp': {
      const { state, number } = hindrance;
      return `Warm-up of ${state.sender} (SMTP_WARMUP): ${warmupText(state, number, time)}. It goes on by itself.`;
    }
    default:
      return hindrance satisfies never;
  }
}
