import type { Channel, PerChannel } from '../channels.ts';

/** A provider of a channel, and its share of the channel's bills, relative to the weights of the others. */
export interface ProviderShare {
  readonly name: string;
  readonly weight: number;
}

/** The providers of each channel: at least one, each at most once. */
export type ProviderShares = PerChannel<readonly ProviderShare[]>;

/**
 * The name under which the cluster stores facts about a provider: the channel's if that has one provider,
 * else `EMAIL/postmark`.
 */
export type RouteName = Channel | `${Channel}/${string}`;

/** The routes of a channel, in the order of the settings. */
export function routesOf<Share extends ProviderShare>(
  channel: Channel,
  shares: readonly Share[],
): (Share & { readonly route: RouteName })[] {
  return shares.map((share) => ({
    ...share,
    route: shares.length === 1 ? channel : `${channel}/${share.name}`,
  }));
}

export function channelOfRoute(route: RouteName): Channel {
  return route.split('/', 1)[0] as Channel;
}

/**
 * The name of a provider in a setting with numbers: `EMAIL/ses` if the setting has one for this channel
 * alone, else `ses`.
 */
export function nameInSetting(
  numbers: Readonly<Record<string, number>>,
  channel: Channel,
  provider: string,
): string {
  const ofChannel = `${channel}/${provider}`;
  return numbers[ofChannel] === undefined ? provider : ofChannel;
}

/** Whether one of a channel's providers has this name. */
export function isUsed(shares: readonly ProviderShare[], provider: string): boolean {
  return shares.some(({ name }) => name === provider);
}

const entry = /^([^:,\s]+)(?::(\d+(?:\.\d+)?))?$/;

/**
 * Pure: reads `ses:80,postmark:20`, or a single name.
 * @returns a text if something is wrong with it
 */
export function parseShares(text: string): readonly ProviderShare[] | string {
  const shares: ProviderShare[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    const [, name, weight] = entry.exec(part) ?? [];
    if (name === undefined) return 'must be a provider, or providers with weights such as ses:80,postmark:20';
    if (shares.some((share) => share.name === name)) return `names ${name} twice`;
    shares.push({ name, weight: weight === undefined ? 1 : Number(weight) });
  }
  if (shares.some(({ weight }) => weight === 0)) {
    return 'has a weight of 0: leave that provider out, or give it a small weight';
  }
  return shares;
}
