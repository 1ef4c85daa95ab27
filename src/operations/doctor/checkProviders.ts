import type { Channel } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import { isUsed } from '../../providers/providerShares.ts';
import type { kinds } from '../../providers/registry.ts';
import { checkGateways } from './checkGateways.ts';
import { checkLedger } from './checkLedger.ts';
import { checkMailServers } from './checkMailServers.ts';
import { checkMapped } from './checkMapped.ts';
import type { Finding } from './finding.ts';

type CheckKind = (config: Config, channels: readonly Channel[]) => Promise<Finding[]> | Finding[];

/** What is tried with each kind of provider, beyond its settings. A kind need not be here. */
const checks: Readonly<Partial<Record<keyof typeof kinds, CheckKind>>> = {
  simulated: checkLedger,
  http: checkGateways,
  smtp: checkMailServers,
};

/** Tries the providers that channels use. */
export async function checkProviders(config: Config): Promise<Finding[]> {
  const { ladder, providers } = config;
  const tried = Object.entries(checks).map(async ([name, check]) => {
    const channels = ladder.order.filter((channel) => isUsed(providers[channel], name));
    return channels.length === 0 ? [] : check(config, channels);
  });
  return (await Promise.all([...tried, checkMapped(config)])).flat();
}
