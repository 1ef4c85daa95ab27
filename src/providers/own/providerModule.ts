import type { Channel } from '../../channels.ts';
import { importModule } from '../../lib/importModule.ts';
import type { Encode, EncodedMessage, LookupAnswer, SendAnswer, SendAttempt } from '../provider.ts';
import type { ProviderOptions } from '../providerKind.ts';

/** One channel's provider, as a module makes it. */
export interface ModuleProvider {
  /** The most sends at a time. Default 64. */
  readonly concurrency?: number;
  /**
   * Sends the bytes that `encode` made, once. If in doubt it answers `unknown`; a throw counts as that. The
   * idempotency key is the same each time the same attempt is sent.
   */
  send(message: EncodedMessage, attempt: SendAttempt): Promise<SendAnswer> | SendAnswer;
  /**
   * Whether the attempt was accepted. `never` only if it was not, and after LOOKUP_HORIZON_MS no longer can
   * be. Without this function nobody can tell.
   */
  lookup?(idempotencyKey: string): Promise<LookupAnswer> | LookupAnswer;
  stop?(): Promise<void> | void;
}

/** The default export of a module of `PROVIDER_MODULES`. */
export interface ProviderModule {
  /** Runs in the render threads, without I/O. The bytes must have memory of their own. */
  encode: Encode;
  /** Runs in the main loop, and in commands that look up doubts. */
  create(
    options: Omit<ProviderOptions, 'openRate' | 'openQuota'> & { readonly channel: Channel },
  ): ModuleProvider;
}

/** Lets the editor check a provider module. */
export function defineProviderModule(module: ProviderModule): ProviderModule {
  return module;
}

/** @throws BillcastError MODULE_INVALID */
export function loadProviderModule(url: string): Promise<ProviderModule> {
  return importModule('PROVIDER_MODULES', url, isProviderModule);
}

function isProviderModule(value: object): value is ProviderModule {
  return (
    'encode' in value &&
    typeof value.encode === 'function' &&
    'create' in value &&
    typeof value.create === 'function'
  );
}
