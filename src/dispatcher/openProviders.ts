import type { Config } from '../config/loadConfig.ts';
import type { Logger } from '../log/log.ts';
import type { Providers } from '../providers/providerKind.ts';
import { createProviders } from '../providers/registry.ts';
import { openQuota } from './dayQuotas.ts';
import { openRate, type RateDeps } from './rateLines.ts';

/** The providers of each channel, under the limits that all processes share. */
export function openProviders(
  { config, log }: { readonly config: Config; readonly log: Logger },
  deps: RateDeps,
): Promise<Providers> {
  const { startDeadlineMs, sendTimeoutMs } = config;
  const shared = { openRate: openRate(deps), openQuota: openQuota(deps, config) };
  return createProviders(config.providers, config.providerSettings, {
    startDeadlineMs,
    sendTimeoutMs,
    ...shared,
    log,
  });
}
