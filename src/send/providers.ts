import type { Channel } from '../bill.ts';
import type { Config } from '../config.ts';
import type { Provider } from './provider.ts';
import { createSimulatedProvider } from './simulated.ts';

/** The provider of each channel, as the settings name them. */
export const createProviders = (config: Config): Readonly<Record<Channel, Provider>> => {
  const simulated = createSimulatedProvider({ ...config.simulated, sendTimeoutMs: config.sendTimeoutMs });
  const byName = { simulated };
  return { EMAIL: byName[config.provider.email], SMS: byName[config.provider.sms] };
};

/** Stops each provider once, also where one serves both channels. */
export const stopProviders = async (providers: Readonly<Record<Channel, Provider>>): Promise<void> => {
  await Promise.all([...new Set(Object.values(providers))].map((provider) => provider.stop()));
};
