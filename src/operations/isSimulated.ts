import type { Config } from '../config/loadConfig.ts';

/** Whether the providers of all channels in use are simulated, so that nothing leaves the machine. */
export function isSimulated({ ladder, providers }: Pick<Config, 'ladder' | 'providers'>): boolean {
  return ladder.order.every((channel) => providers[channel].every(({ name }) => name === 'simulated'));
}
