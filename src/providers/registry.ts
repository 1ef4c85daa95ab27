import type { z } from 'zod';
import { type Channel, channelNames, perChannel } from '../channels.ts';
import { http } from './http/http.ts';
import {
  type AskingLimits,
  createMapped,
  createMappedPolls,
  type MappedEnvironment,
  type MappedSettings,
  mappedEncoder,
  mappedProblems,
  mappedProvesNever,
  mappedShape,
  readMapped,
} from './mapped/mapped.ts';
import { folderProblems, mappingNames } from './mapped/mappingFiles.ts';
import {
  createOwn,
  type OwnEnvironment,
  type OwnSettings,
  ownEncoder,
  ownProblems,
  ownSettingsOf,
  ownShape,
} from './own/ownProvider.ts';
import type { Provider } from './provider.ts';
import type {
  Encoder,
  Encoders,
  ProcessFacts,
  ProviderKind,
  ProviderOptions,
  Providers,
} from './providerKind.ts';
import { isUsed, type ProviderShares, routesOf } from './providerShares.ts';
import type { AnyPoll } from './receiptPoll.ts';
import { simulated } from './simulated/simulated.ts';
import { smtp } from './smtp/smtp.ts';

/** The kinds of provider that are code. Another kind is a new folder and a line here. */
export const kinds = { simulated, http, smtp };

type KindName = keyof typeof kinds;

/** The provider of a channel whose settings name none. Production has to name one. */
export const usualProvider: KindName = 'simulated';

/** A name in `PROVIDER_<CHANNEL>`: a kind, a module, or a file in `providers` or `PROVIDERS_DIR`. */
export type ProviderName = string;

const kindNames = Object.keys(kinds) as [KindName, ...KindName[]];

/** All names that `PROVIDER_<CHANNEL>` may have. */
export function providerNames(ownDir?: string): string[] {
  return [...kindNames, ...mappingNames(ownDir)];
}

export function isKind(name: ProviderName): name is KindName {
  return Object.hasOwn(kinds, name);
}

type Kinds = typeof kinds;
type AllOf<Union> = (Union extends unknown ? (value: Union) => void : never) extends (
  value: infer Intersection,
) => void
  ? Intersection
  : never;

/** The settings of all kinds, as a part of the schema of all settings. */
export const providerShape: AllOf<Kinds[KindName]['shape']> & typeof mappedShape & typeof ownShape =
  Object.assign({}, mappedShape, ownShape, ...kindNames.map((name) => kinds[name].shape));

/** The settings of all kinds that may come from a file. */
export const secretProviderSettings: readonly string[] = kindNames.flatMap((name) => kinds[name].secrets);

/** The settings with which each provider is created. */
export type ProviderSettings = { readonly [Name in KindName]: ReturnType<Kinds[Name]['read']> } & {
  /** Providers that files describe, by name. */
  readonly mapped: Readonly<Record<string, MappedSettings>>;
  /** Providers that are the company's own modules. */
  readonly own: Readonly<Record<string, OwnSettings>>;
};

/** The environment's part of all kinds. */
type Environment = AllOf<Parameters<Kinds[KindName]['read']>[0]> & MappedEnvironment & OwnEnvironment;

export function readProviderSettings(
  env: Environment,
  facts: ProcessFacts,
  shares: ProviderShares,
): ProviderSettings {
  return Object.fromEntries([
    ...kindNames.map((name) => [name, kinds[name].read(env, facts)]),
    [
      'mapped',
      Object.fromEntries(mappedUses(env, shares).map((use) => [use.name, readMapped(env, facts, use)])),
    ],
    ['own', ownSettingsOf(env)],
  ]) as ProviderSettings;
}

/** The rules between the settings of providers that are broken, one sentence each. */
export function providerProblems(env: Environment, facts: ProcessFacts, shares: ProviderShares): string[] {
  return [
    ...kindNames.flatMap((name) => kinds[name].problems(env, facts, channelsOf(shares, name))),
    ...folderProblems(env.PROVIDERS_DIR),
    ...ownProblems(env, providerNames(env.PROVIDERS_DIR)),
    ...unknownNames(env, shares),
    ...mappedUses(env, shares)
      .filter(({ name }) => providerNames(env.PROVIDERS_DIR).includes(name))
      .flatMap((use) => mappedProblems(env, facts, use)),
  ];
}

function unknownNames(env: Environment, shares: ProviderShares): string[] {
  const known = [...providerNames(env.PROVIDERS_DIR), ...Object.keys(ownSettingsOf(env))];
  return channelNames.flatMap((channel) =>
    shares[channel]
      .filter(({ name }) => !known.includes(name))
      .map(({ name }) => `PROVIDER_${channel} is ${name}: choose one of ${known.join(', ')}`),
  );
}

function mappedUses(env: OwnEnvironment, shares: ProviderShares) {
  const own = ownSettingsOf(env);
  const names = usedNames(shares).filter((name) => !isKind(name) && !Object.hasOwn(own, name));
  return names.map((name) => ({ name, channels: channelsOf(shares, name) }));
}

function usedNames(shares: ProviderShares): ProviderName[] {
  return [...new Set(Object.values(shares).flatMap((all) => all.map(({ name }) => name)))];
}

function channelsOf(shares: ProviderShares, provider: ProviderName): Channel[] {
  return channelNames.filter((channel) => isUsed(shares[channel], provider));
}

/** Whether the look-up of the channel's provider can prove that a message was never accepted. */
export function provesNever(env: Environment, name: ProviderName, channel: Channel): boolean {
  if (isKind(name)) return kinds[name].provesNever(env, channel);
  // A module decides that with each answer, so it counts as able to.
  return Object.hasOwn(ownSettingsOf(env), name) || mappedProvesNever(env, name);
}

/** Whether the channel's provider can be asked about a bill in doubt. */
export function hasLookup(name: ProviderName, settings: ProviderSettings, channel: Channel): boolean {
  if (Object.hasOwn(settings.own, name)) return true;
  if (!isKind(name)) return mappedSettings(name, settings).mapping.lookup !== undefined;
  return kindOf(name).hasLookup(settings[name], channel);
}

/** Whether it has connections. */
export function connects(name: ProviderName): boolean {
  return !isKind(name) || kinds[name].connects;
}

/** The encoder of each route's provider. */
export function encodersOf(shares: ProviderShares, settings: ProviderSettings): Encoders {
  const routes = channelNames.flatMap((channel) => routesOf(channel, shares[channel]));
  return Object.fromEntries(
    routes.flatMap(({ name, route }) => {
      const encoder = anyEncoderOf(name, settings);
      return encoder === undefined ? [] : [[route, encoder]];
    }),
  );
}

function anyEncoderOf(name: ProviderName, settings: ProviderSettings): Encoder | undefined {
  if (isKind(name)) return kindOf(name).encoder(settings[name]);
  const own = settings.own[name];
  return own === undefined ? mappedEncoder(mappedSettings(name, settings)) : ownEncoder(own);
}

/** The providers of each channel, as the settings name them. */
export async function createProviders(
  shares: ProviderShares,
  settings: ProviderSettings,
  limits: Omit<ProviderOptions, 'connectedRoutes'>,
): Promise<Providers> {
  const options = { ...limits, connectedRoutes: countConnectedRoutes(shares) };
  const used = usedNames(shares);
  const opened = new Map(
    await Promise.all(used.map(async (name) => [name, await open(name, settings, options)] as const)),
  );
  return perChannel((channel) =>
    routesOf(channel, shares[channel]).map((share) => {
      const provider = opened.get(share.name)?.(channel);
      if (provider === undefined) throw new RangeError(`no provider ${share.name}`);
      return { ...share, provider };
    }),
  );
}

/** Counts the routes whose providers have connections. */
export function countConnectedRoutes(shares: ProviderShares): number {
  return Object.values(shares)
    .flat()
    .filter(({ name }) => connects(name)).length;
}

/** All that providers are asked about what became of messages. Connects nothing yet. */
export async function createReceiptPolls(
  { mapped }: Pick<ProviderSettings, 'mapped'>,
  limits: AskingLimits,
): Promise<AnyPoll[]> {
  const polls = Object.entries(mapped).map(([name, own]) => createMappedPolls(name, own, limits));
  return (await Promise.all(polls)).flat();
}

type Opened = (channel: Channel) => Provider;

function open(name: ProviderName, settings: ProviderSettings, options: ProviderOptions): Promise<Opened> {
  if (isKind(name)) return kindOf(name).create(settings[name], options);
  const own = settings.own[name];
  return own === undefined
    ? createMapped(name, mappedSettings(name, settings), options)
    : createOwn(name, own, options);
}

/** With the type of its own settings, which `kinds[name]` loses for a name that is not known before. */
export function kindOf<Name extends KindName>(name: Name): Maker<ProviderSettings[Name]> {
  const byName: { readonly [N in KindName]: Maker<ProviderSettings[N]> } = kinds;
  return byName[name];
}

function mappedSettings(name: string, { mapped }: ProviderSettings): MappedSettings {
  const found = mapped[name];
  if (found === undefined) throw new RangeError(`no provider ${name}`);
  return found;
}

type Maker<Settings> = Pick<
  ProviderKind<z.ZodRawShape, Settings>,
  'encoder' | 'hasLookup' | 'create' | 'receipts' | 'warmup'
>;

/** Stops each provider once, even if it serves several channels. */
export async function stopProviders(providers: Providers): Promise<void> {
  const all = Object.values(providers).flatMap((open) => open.map(({ provider }) => provider));
  await Promise.all([...new Set(all)].map((provider) => provider.stop()));
}
