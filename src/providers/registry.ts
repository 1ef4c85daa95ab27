import { type Channel, channelNames, type PerChannel, perChannel } from '../channels.ts';
import { http } from './http/http.ts';
import type { Provider } from './provider.ts';
import type { Encoder, ProcessFacts, ProviderOptions, Providers } from './providerKind.ts';
import { simulated } from './simulated/simulated.ts';

/** The kinds of provider, as `PROVIDER_<CHANNEL>` names them. A further kind is a folder and a line here. */
const kinds = { simulated, http };

export type ProviderName = keyof typeof kinds;

export const providerNames = Object.keys(kinds) as [ProviderName, ...ProviderName[]];

type Kinds = typeof kinds;
type AllOf<Union> = (Union extends unknown ? (value: Union) => void : never) extends (
  value: infer Intersection,
) => void
  ? Intersection
  : never;

/** The settings of all kinds, as a part of the schema of all settings. */
export const providerShape: AllOf<Kinds[ProviderName]['shape']> = Object.assign(
  {},
  ...providerNames.map((name) => kinds[name].shape),
);

/** Settings of all kinds that may come from a file. */
export const secretProviderSettings: readonly string[] = providerNames.flatMap((name) => kinds[name].secrets);

/** What each kind is created with. */
export type ProviderSettings = { readonly [Name in ProviderName]: ReturnType<Kinds[Name]['read']> };

/** The environment's part of all kinds. */
type Environment = AllOf<Parameters<Kinds[ProviderName]['read']>[0]>;

export function readProviderSettings(env: Environment, facts: ProcessFacts): ProviderSettings {
  return Object.fromEntries(
    providerNames.map((name) => [name, kinds[name].read(env, facts)]),
  ) as ProviderSettings;
}

/** Rules between the settings of providers that are broken. */
export function providerProblems(
  env: Environment,
  facts: ProcessFacts,
  nameOf: PerChannel<ProviderName>,
): string[] {
  return providerNames.flatMap((name) =>
    kinds[name].problems(
      env,
      facts,
      channelNames.filter((channel) => nameOf[channel] === name),
    ),
  );
}

/** Whether the look-up of the channel's provider can prove that a message was never accepted. */
export function provesNever(env: Environment, name: ProviderName, channel: Channel): boolean {
  return kinds[name].provesNever(env, channel);
}

/** The encoder of each channel's provider, see `ProviderKind`. */
export function encodersOf(
  nameOf: PerChannel<ProviderName>,
  settings: ProviderSettings,
): PerChannel<Encoder | undefined> {
  return perChannel((channel) => encoderOf(nameOf[channel], settings));
}

function encoderOf<Name extends ProviderName>(name: Name, settings: ProviderSettings): Encoder | undefined {
  const byName: { readonly [N in ProviderName]: Maker<ProviderSettings[N]> } = kinds;
  return byName[name].encoder(settings[name]);
}

/** The provider of each channel, as the settings name them. */
export async function createProviders(
  nameOf: PerChannel<ProviderName>,
  settings: ProviderSettings,
  options: ProviderOptions,
): Promise<Providers> {
  const used = [...new Set(Object.values(nameOf))];
  const opened = new Map(
    await Promise.all(used.map(async (name) => [name, await open(name, settings, options)] as const)),
  );
  return perChannel((channel) => {
    const provider = opened.get(nameOf[channel])?.(channel);
    if (provider === undefined) throw new RangeError(`no provider ${nameOf[channel]}`);
    return provider;
  });
}

type Opened = (channel: Channel) => Provider;

function open<Name extends ProviderName>(
  name: Name,
  settings: ProviderSettings,
  options: ProviderOptions,
): Promise<Opened> {
  const byName: { readonly [N in ProviderName]: Maker<ProviderSettings[N]> } = kinds;
  return byName[name].create(settings[name], options);
}

interface Maker<Settings> {
  encoder(settings: Settings): Encoder | undefined;
  create(settings: Settings, options: ProviderOptions): Promise<Opened>;
}

/** Stops each provider once, even if it serves several channels. */
export async function stopProviders(providers: Providers): Promise<void> {
  await Promise.all([...new Set(Object.values(providers))].map((provider) => provider.stop()));
}
