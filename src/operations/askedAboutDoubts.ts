import { channelNames } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import type { BillFacts } from '../db/reads/billHistory.ts';
import type { AskedProvider } from '../db/reads/inDoubt.ts';
import { hasLookup } from '../providers/registry.ts';

/** Pure: the providers in these settings that can be asked about bills in doubt. */
export function providersWithLookup({
  providers,
  providerSettings,
}: Pick<Config, 'providers' | 'providerSettings'>): AskedProvider[] {
  return channelNames.flatMap((channel) =>
    providers[channel]
      .filter(({ name }) => hasLookup(name, providerSettings, channel))
      .map(({ name }) => ({ channel, provider: name, isOnly: providers[channel].length === 1 })),
  );
}

/** Pure: whether a provider is asked about a bill, by the same rule as the sweeper's. */
export function isAskedAbout(
  asked: readonly AskedProvider[],
  { channel, provider }: Pick<BillFacts, 'channel' | 'provider'>,
): boolean {
  return asked.some(
    (one) => one.channel === channel && (provider === null ? one.isOnly : one.provider === provider),
  );
}
