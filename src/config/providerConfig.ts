import { type PerChannel, perChannel } from '../channels.ts';
import type { ProcessFacts } from '../providers/providerKind.ts';
import type { ProviderName } from '../providers/registry.ts';
import type { Settings } from './settings.ts';

/** The simulated provider unless the settings name another. */
export function providerNamesOf(env: Settings): PerChannel<ProviderName> {
  return perChannel((channel) => env[`PROVIDER_${channel}`] ?? 'simulated');
}

export function processFactsOf(env: Settings, environment: ProcessFacts['environment']): ProcessFacts {
  return {
    isProduction: env.NODE_ENV === 'production',
    dataDir: env.DATA_DIR,
    sendTimeoutMs: env.SEND_TIMEOUT_MS,
    environment,
  };
}
