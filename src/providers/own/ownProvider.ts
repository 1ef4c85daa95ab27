import { basename } from 'node:path';
import { z } from 'zod';
import type { Channel } from '../../channels.ts';
import { moduleUrl } from '../../lib/moduleUrl.ts';
import { within } from '../../lib/timeLimit.ts';
import { firstWords } from '../http/causes.ts';
import { keepableId } from '../http/providerId.ts';
import type { Provider, SendAnswer } from '../provider.ts';
import type { Encoder, ProviderOptions } from '../providerKind.ts';
import { loadProviderModule, type ModuleProvider } from './providerModule.ts';

/** `PROVIDER_MODULES`: a company's own providers, each named like its file. */
export const ownShape = {
  PROVIDER_MODULES: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((path) => path.trim()))
    .transform((paths) => paths.filter((path) => path !== '')),
};

export type OwnEnvironment = z.infer<z.ZodObject<typeof ownShape>>;

/** What an own provider is created with. */
export interface OwnSettings {
  readonly url: string;
}

/** The modules by the names of their providers: `./my/spool.ts` is `spool`. */
export function ownSettingsOf({ PROVIDER_MODULES }: OwnEnvironment): Readonly<Record<string, OwnSettings>> {
  return Object.fromEntries(PROVIDER_MODULES.map((path) => [nameOf(path), { url: moduleUrl(path) }]));
}

/** @param taken names that other providers have */
export function ownProblems({ PROVIDER_MODULES }: OwnEnvironment, taken: readonly string[]): string[] {
  const names = PROVIDER_MODULES.map(nameOf);
  return names
    .filter((name, index) => taken.includes(name) || names.indexOf(name) !== index)
    .map((name) => `PROVIDER_MODULES: there is a provider ${name} already: rename the file`);
}

function nameOf(path: string): string {
  return basename(path).replace(/\.[cm]?[jt]s$/, '');
}

export function ownEncoder({ url }: OwnSettings): Encoder {
  return { module: new URL('./ownEncoder.ts', import.meta.url).href, options: { url } };
}

/** @throws BillcastError MODULE_INVALID */
export async function createOwn(
  name: string,
  { url }: OwnSettings,
  options: ProviderOptions,
): Promise<(channel: Channel) => Provider> {
  const module = await loadProviderModule(url);
  const made = new Map<Channel, Provider>();
  return (channel) => {
    const known = made.get(channel) ?? guarded(name, module.create({ channel, ...options }), options);
    made.set(channel, known);
    return known;
  };
}

/**
 * Holds foreign code to the contract of a provider: a send that is late is not begun, one that throws or
 * takes too long has an unknown outcome, and a look-up that fails tells nothing.
 */
function guarded(name: string, provider: ModuleProvider, { sendTimeoutMs }: ProviderOptions): Provider {
  const { concurrency = 64 } = provider;
  const send: Provider['send'] = async (message, attempt) => {
    if (attempt.startDeadline.passed()) return { kind: 'notSent', reason: 'START_DEADLINE' };
    try {
      const answer = await within(sendTimeoutMs, Promise.resolve(provider.send(message, attempt)));
      return answer === undefined ? timedOut : withoutPersonal(answer, message.to);
    } catch (error) {
      // Only the error's name: its message may quote the bill.
      return {
        kind: 'unknown',
        reason: 'PROVIDER_THREW',
        cause: error instanceof Error ? error.name : undefined,
      };
    }
  };
  return {
    name,
    concurrency,
    send,
    lookupsAtOnce: Math.min(concurrency, 16),
    async lookup(key) {
      try {
        return (await within(sendTimeoutMs, Promise.resolve(provider.lookup?.(key)))) ?? 'cannotTell';
      } catch {
        return 'cannotTell';
      }
    },
    stop: async () => provider.stop?.(),
  };
}

/**
 * Removes addresses and numbers that a module passes on. It must leave out names itself (docs/your-code.md).
 */
function withoutPersonal(answer: SendAnswer, to: string): SendAnswer {
  if (answer.kind === 'accepted') {
    const { providerId } = answer;
    return {
      kind: 'accepted',
      providerId: providerId === undefined ? undefined : keepableId(providerId, to),
    };
  }
  const { reason, cause } = answer;
  const told = {
    reason: reasonShape.test(reason) ? reason : 'PROVIDER_REASON',
    cause: cause === undefined ? undefined : firstWords(cause),
  };
  if (answer.kind !== 'unknown') return { ...answer, ...told };
  return { ...answer, ...told, later: answer.later?.then((late) => withoutPersonal(late, to)) };
}

const reasonShape = /^[A-Z][A-Z0-9_]{1,39}$/;

const timedOut: SendAnswer = { kind: 'unknown', reason: 'PROVIDER_TIME_OUT' };
