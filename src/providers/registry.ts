import { type Channel, perChannel } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import type { Logger } from '../log/log.ts';
import { readConnectionSettings } from './http/connectionFiles.ts';
import { createHttpProvider } from './http/httpProvider.ts';
import type { Provider } from './provider.ts';
import { createSimulatedProvider } from './simulated.ts';

/** The provider of each channel, as the settings name them. */
export function createProviders(config: Config, log: Logger): Readonly<Record<Channel, Provider>> {
  const { sendTimeoutMs, startDeadlineMs } = config;
  const simulated = createSimulatedProvider({ ...config.simulated, sendTimeoutMs });
  const connections = readConnectionSettings(config.http.connections);
  const create = (channel: Channel, name: Config['providers'][Channel]): Provider => {
    switch (name) {
      case 'simulated':
        return simulated;
      case 'http': {
        const { concurrency, keepAliveMs, [channel]: gateway } = config.http;
        const limits = { concurrency, keepAliveMs, startDeadlineMs, sendTimeoutMs };
        return createHttpProvider({ channel, ...gateway, ...limits, connections, log });
      }
      default:
        return name satisfies never;
    }
  };
  return perChannel((channel) => create(channel, config.providers[channel]));
}

/** Stops each provider once, also where one serves both channels. */
export async function stopProviders(providers: Readonly<Record<Channel, Provider>>): Promise<void> {
  await Promise.all([...new Set(Object.values(providers))].map((provider) => provider.stop()));
}
