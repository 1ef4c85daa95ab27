import type { Config } from '../config/loadConfig.ts';
import { readProviderSlots, writeProviderSlots } from '../db/providerSlots.ts';
import { shareSlots } from '../policy/slots/shareSlots.ts';
import { type AskSlots, grantMs, SlotLease } from '../policy/slots/slotLease.ts';
import type { OpenProvider } from '../providers/providerKind.ts';
import { channelOfRoute, nameInSetting } from '../providers/providerShares.ts';
import type { RateDeps } from './rateLines.ts';

export interface SlotDeps extends RateDeps {
  /** Identifies this process. */
  readonly id: string;
}

type SlotConfig = Pick<Config, 'providerConcurrency' | 'startDeadlineMs' | 'sendTimeoutMs'>;

/** The slots of a route whose provider has a limit for all processes together; undefined if it has none. */
export function createSlotLease(
  deps: SlotDeps,
  { providerConcurrency, startDeadlineMs, sendTimeoutMs }: SlotConfig,
  { route, name }: Pick<OpenProvider, 'route' | 'name'>,
): SlotLease | undefined {
  const key = nameInSetting(providerConcurrency, channelOfRoute(route), name);
  const limit = providerConcurrency[key];
  if (limit === undefined) return undefined;
  // If a process dies, its last send began before its grant ended, and is over within this time.
  const ttlMs = grantMs + startDeadlineMs + sendTimeoutMs;
  return new SlotLease({ ask: createAsk(deps, { name: key, limit, ttlMs, holder: `${deps.id}/${route}` }) });
}

interface Place {
  readonly name: string;
  readonly holder: string;
  readonly limit: number;
  readonly ttlMs: number;
}

function createAsk({ database, throttledLog }: SlotDeps, { name, ...place }: Place): AskSlots {
  return async ({ want, keep }) => {
    try {
      for (;;) {
        const { version, holders, nowMs } = await readProviderSlots(database, name);
        const answer = shareSlots(holders, { ...place, want: Math.min(want, place.limit), keep }, nowMs);
        if (await writeProviderSlots(database, name, { version, holders: answer.holders })) return answer;
      }
    } catch (error) {
      throttledLog.warn('could not share out the open sends of a provider', { provider: name, err: error });
      return undefined;
    }
  };
}
