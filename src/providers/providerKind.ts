import type { z } from 'zod';
import type { Channel, PerChannel } from '../channels.ts';
import type { Logger } from '../log/log.ts';
import type { OpenQuota } from './dayQuota.ts';
import type { InboundName } from './inbound/inboundRegistry.ts';
import type { AnyPollMapping } from './mapped/pollSchema.ts';
import type { Provider } from './provider.ts';
import type { RouteName } from './providerShares.ts';
import type { OpenRate } from './sharedRate.ts';
import type { WarmupPlan } from './smtp/warmupPlan.ts';

/**
 * One kind of provider: a line of the registry. Every command loads its module to read the settings, so it
 * imports neither a client library nor anything that connects; `create` loads those.
 */
export interface ProviderKind<Shape extends z.ZodRawShape, Settings> {
  /** Its settings by their names in the environment: a part of the schema of all settings. */
  readonly shape: Shape;
  /** Those of its settings that hold a secret: each may come from a file that `NAME_FILE` names. */
  readonly secrets: readonly string[];
  /** Reads what `create` needs from the settings. */
  read(env: z.infer<z.ZodObject<Shape>>, facts: ProcessFacts): Settings;
  /**
   * The rules between settings that are broken, one sentence each.
   * @param channels those that use this provider; may be none
   */
  problems(
    env: z.infer<z.ZodObject<Shape>>,
    facts: ProcessFacts,
    channels: readonly Channel[],
  ): readonly string[];
  /**
   * Whether its look-up can prove that a message was never accepted. Only then `LOOKUP_HORIZON_MS` matters.
   */
  provesNever(env: z.infer<z.ZodObject<Shape>>, channel: Channel): boolean;
  /** Whether it can be asked about a bill in doubt. */
  hasLookup(settings: Settings, channel: Channel): boolean;
  /** Whether it has connections, which share the open files of the process. */
  readonly connects: boolean;
  /** Whether files may go with its e-mails. */
  readonly sendsFiles: boolean;
  /** Whether it only pretends to send: nothing leaves the machine, and nothing comes back. Default: no. */
  readonly sendsNothing?: boolean;
  /** What `billcast init` asks for if the channel is to use it. Default: nothing. */
  questions?(channel: Channel): readonly SettingQuestion[];
  /** By which ways receipts of its messages come. Default: by none. */
  receipts?(settings: Settings): ReceiptWays;
  /** The plan by which it sends more each day. Default: there is none. */
  warmup?(settings: Settings): Warmup | undefined;
  /** Undefined if the provider needs only the recipient of a message. */
  encoder(settings: Settings): Encoder | undefined;
  /** Connects nothing yet. The result gives the provider of one channel; channels may share one. */
  create(settings: Settings, options: ProviderOptions): Promise<(channel: Channel) => Provider>;
}

/** A setting that a provider cannot do without, or should not. */
export interface SettingQuestion {
  readonly name: string;
  readonly question: string;
  readonly isSecret?: boolean;
  /** Whether nothing works without it. */
  readonly isNeeded?: boolean;
}

export type ReceiptWays =
  /** As mails to an address; without one they come to nobody. */
  | { readonly kind: 'mail'; readonly hasAddress: boolean }
  /** By a webhook of this name, by asking, or both. */
  | {
      readonly kind: 'api';
      readonly webhook: InboundName | undefined;
      readonly polls: readonly AnyPollMapping[];
    };

/** How many mails a sender sends each day until it is known. */
export interface Warmup {
  /** The domain of the sender. */
  readonly sender: string;
  readonly plan: WarmupPlan;
}

/** How render threads make an `Encode`. */
export interface Encoder {
  /** The URL of a module that exports `createEncode(options)`. It does no I/O and connects nothing. */
  readonly module: string;
  /** Options for `createEncode`. They are cloned into the threads. */
  readonly options?: unknown;
}

/** Facts outside its own settings on which a provider's settings depend. */
export interface ProcessFacts {
  readonly isProduction: boolean;
  readonly dataDir: string;
  readonly sendTimeoutMs: number;
  /** Whether files go with e-mails: `ATTACH_PDF`. */
  readonly attachesFiles: boolean;
  /** The keys of `CIPHER_KEYS`, the current one first. Other keys are derived from them. */
  readonly tokenKeys: readonly Uint8Array[];
  /** Settings whose names are known only from a provider's file. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ProviderOptions {
  /** The longest time until a send begins. After that it never does. */
  readonly startDeadlineMs: number;
  /** The longest time until a send or a look-up is answered. */
  readonly sendTimeoutMs: number;
  /** The number of routes among which the process divides the connections that it may have. */
  readonly connectedRoutes: number;
  readonly openRate: OpenRate;
  readonly openQuota: OpenQuota;
  readonly log: Logger;
}

/** Lets the compiler infer the types of a kind's settings. */
export function defineProvider<const Shape extends z.ZodRawShape, Settings>(
  kind: ProviderKind<Shape, Settings>,
): ProviderKind<Shape, Settings> {
  return kind;
}

/** The encoders by route. A provider without one is missing. */
export type Encoders = Readonly<Partial<Record<RouteName, Encoder>>>;

/** One of the providers of a channel, ready to send. */
export interface OpenProvider {
  /** Its name in the settings. */
  readonly name: string;
  readonly route: RouteName;
  readonly weight: number;
  readonly provider: Provider;
}

/** At least one per channel. */
export type Providers = PerChannel<readonly OpenProvider[]>;
