import { perChannel } from '../channels.ts';
import type { ProcessFacts } from '../providers/providerKind.ts';
import type { ProviderShares } from '../providers/providerShares.ts';
import { usualProvider } from '../providers/registry.ts';
import { cipherSettingsOf } from './cipherConfig.ts';
import type { Settings } from './settings.ts';

/**
 * The providers of each channel: the simulated one if no setting names others, none if the channel is not
 * used.
 */
export function providerSharesOf(env: Settings): ProviderShares {
  return perChannel((channel) =>
    env.CHANNELS.includes(channel)
      ? (env[`PROVIDER_${channel}`] ?? [{ name: usualProvider, weight: 1 }])
      : [],
  );
}

/** No keys if there is only the public development key, with which anyone could make tokens. */
function tokenKeysOf(env: Settings): readonly Uint8Array[] {
  if (env.NODE_ENV === 'production' && env.CIPHER_KEYS === undefined) return [];
  return cipherSettingsOf(env).keys.map(({ key }) => key);
}

export function processFactsOf(env: Settings, environment: ProcessFacts['environment']): ProcessFacts {
  return {
    isProduction: env.NODE_ENV === 'production',
    dataDir: env.DATA_DIR,
    sendTimeoutMs: env.SEND_TIMEOUT_MS,
    attachesFiles: env.ATTACH_PDF,
    tokenKeys: tokenKeysOf(env),
    environment,
  };
}
