import type { Config } from '../config/loadConfig.ts';
import { sendsNothing } from '../providers/providerTraits.ts';

/** Whether the providers of all channels in use are simulated, so that nothing leaves the machine. */
export function isSimulated({ ladder, providers }: Pick<Config, 'ladder' | 'providers'>): boolean {
  return ladder.order.every((channel) => providers[channel].every(({ name }) => sendsNothing(name)));
}
