import { channelNames } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';

/** Whether the providers of all channels are simulated, so that nothing leaves the machine. */
export function isSimulated({ providers }: Pick<Config, 'providers'>): boolean {
  return channelNames.every((channel) => providers[channel].every(({ name }) => name === 'simulated'));
}
