import { z } from 'zod';
import { type MessageForm, messageForms } from '../../channelModule.ts';
import { type Channel, channels } from '../../channels.ts';
import { BillcastError } from '../../errors.ts';
import {
  connectionSettingsOf,
  type connectionShape,
  isLoopback,
  noNeverByStreams,
} from '../http/httpSettings.ts';
import { withinOpenFiles } from '../http/openFiles.ts';
import type { Provider } from '../provider.ts';
import type { Encoder, ProcessFacts, ProviderOptions } from '../providerKind.ts';
import type { AnyPoll } from '../receiptPoll.ts';
import { findMapping } from './mappingFiles.ts';
import type { Mapping } from './mappingSchema.ts';
import { neededSettings, type ResolvedMapping, resolveMapping, sendsOf } from './resolveMapping.ts';
import { type SendForm, takesFiles } from './sendForms.ts';

/** The settings of all providers that are described by files. Each file names further ones. */
export const mappedShape = {
  PROVIDERS_DIR: z.string().min(1).optional(),
};

export type MappedEnvironment = z.infer<z.ZodObject<typeof mappedShape & typeof connectionShape>>;

/** One provider in a file, and what it is used for. */
export interface MappedUse {
  readonly name: string;
  readonly channels: readonly Channel[];
}

export interface MappedSettings extends ReturnType<typeof connectionSettingsOf> {
  readonly mapping: ResolvedMapping;
  readonly tokenKeys: readonly Uint8Array[];
}

/** What is wrong with a provider's file or with its settings, one sentence each. */
export function mappedProblems(
  env: MappedEnvironment,
  facts: ProcessFacts,
  use: MappedUse,
): readonly string[] {
  const found = findMapping(use.name, env.PROVIDERS_DIR);
  switch (found.kind) {
    case 'missing':
      return [`there is no provider ${use.name}`];
    case 'broken':
      return found.problems;
    case 'found': {
      const missing = formProblems(found.mapping, use);
      const resolution = resolveMapping(found.mapping, sendFormsOf(use.channels, facts), facts.environment);
      return resolution.kind === 'unresolved'
        ? [...missing, ...resolution.problems]
        : [...missing, ...originProblems(resolution.mapping, facts), ...lookupProblems(env, use.name)];
    }
    default:
      return found satisfies never;
  }
}

function lookupProblems(env: MappedEnvironment, name: string): string[] {
  return env.HTTP_VERSION === '2' && mappedProvesNever(env, name)
    ? [noNeverByStreams(`${name}, whose look-up is authoritative,`)]
    : [];
}

/** @throws BillcastError CONFIG_INVALID if it has problems */
export function readMapped(env: MappedEnvironment, facts: ProcessFacts, use: MappedUse): MappedSettings {
  const found = findMapping(use.name, env.PROVIDERS_DIR);
  if (found.kind === 'found') {
    const resolution = resolveMapping(found.mapping, sendFormsOf(use.channels, facts), facts.environment);
    if (resolution.kind === 'resolved') {
      return { ...connectionSettingsOf(env), mapping: resolution.mapping, tokenKeys: facts.tokenKeys };
    }
  }
  throw new BillcastError('CONFIG_INVALID', mappedProblems(env, facts, use).join('\n'));
}

/** The settings that a channel needs to use a provider in a file; none if there is no such file. */
export function settingsOfMapped(name: string, channel: Channel, ownDir: string | undefined) {
  const found = findMapping(name, ownDir);
  return found.kind === 'found' ? neededSettings(found.mapping, formsOf([channel])) : [];
}

/** Whether a provider in a file can send files with e-mails. */
export function mappedSendsFiles(name: string, ownDir: string | undefined): boolean {
  const found = findMapping(name, ownDir);
  if (found.kind !== 'found') return false;
  const { email, emailWithFiles } = found.mapping.send;
  return emailWithFiles !== undefined || (email !== undefined && takesFiles(email));
}

export function mappedProvesNever(env: MappedEnvironment, name: string): boolean {
  const found = findMapping(name, env.PROVIDERS_DIR);
  return found.kind === 'found' && found.mapping.lookup?.proves === 'authoritative';
}

/** Gives only the bodies to render threads: no header, which may hold a secret. */
export function mappedEncoder({ mapping }: MappedSettings): Encoder {
  const sends = sendsOf(mapping).map(({ form, send: { body, encoding, buttons, attachments, upload } }) => ({
    form,
    body,
    encoding,
    buttons,
    attachments,
    upload: upload && { body: upload.body },
  }));
  return { module: new URL('./mappedEncoder.ts', import.meta.url).href, options: { sends } };
}

export async function createMapped(
  name: string,
  { mapping, connections: files, ...limits }: MappedSettings,
  options: ProviderOptions,
): Promise<(channel: Channel) => Provider> {
  const [{ createMappedProvider }, { readConnectionSettings }] = await Promise.all([
    import('./mappedProvider.ts'),
    import('../http/connectionFiles.ts'),
  ]);
  const connections = readConnectionSettings(files);
  const concurrency = withinOpenFiles(limits.concurrency, options);
  return (channel) =>
    createMappedProvider({ name, channel, mapping, connections, ...limits, ...options, concurrency });
}

/** How a provider is asked what became of messages. */
export interface AskingLimits {
  readonly timeLimitMs: number;
  /** By provider: messages per second that it is asked about one by one. Missing: it is not. */
  readonly perSecond: Readonly<Record<string, number>>;
}

/** All that a provider is asked about receipts; nothing is loaded for one that is asked nothing. */
export async function createMappedPolls(
  name: string,
  { mapping, connections: files, tokenKeys }: MappedSettings,
  { timeLimitMs, perSecond: rates }: AskingLimits,
): Promise<AnyPoll[]> {
  const perSecond = rates[name];
  const polls = (mapping.receipts?.polls ?? []).filter(({ by }) => by === 'time' || perSecond !== undefined);
  if (polls.length === 0) return [];
  const [{ createMappedPoll }, { createMessagePoll }, { readConnectionSettings }] = await Promise.all([
    import('./mappedPoll.ts'),
    import('./messagePoll.ts'),
    import('../http/connectionFiles.ts'),
  ]);
  const common = { name, mapping, connections: readConnectionSettings(files), timeLimitMs };
  return polls.flatMap((poll): AnyPoll[] => {
    if (poll.by === 'time') return [createMappedPoll({ ...common, poll, keys: tokenKeys })];
    return perSecond === undefined ? [] : [createMessagePoll({ ...common, poll, perSecond })];
  });
}

/** Whether a provider in a file can be asked about one message after the other. */
export function mappedTellsOfMessages(name: string, ownDir: string | undefined): boolean {
  const found = findMapping(name, ownDir);
  return found.kind === 'found' && found.mapping.receipts?.polls.some(({ by }) => by === 'id') === true;
}

/** The forms that the messages of channels may take. */
function formsOf(used: readonly Channel[]): MessageForm[] {
  return used.flatMap((channel) => channels[channel].forms.filter((form) => form !== undefined));
}

/** Without files only one form of e-mail is read, so messages need no mark of their form. */
function sendFormsOf(used: readonly Channel[], { attachesFiles }: ProcessFacts): SendForm[] {
  const forms = formsOf(used);
  return attachesFiles && forms.includes('email') ? [...forms, 'emailWithFiles'] : forms;
}

function formProblems({ send }: Mapping, { name, channels: used }: MappedUse): string[] {
  const sent = messageForms.filter((form) => send[form] !== undefined);
  return used
    .filter((channel) => formsOf([channel]).every((form) => send[form] === undefined))
    .map((channel) => `PROVIDER_${channel} is ${name}, which sends ${sent.join(' and ')} only`);
}

function originProblems({ origin }: ResolvedMapping, { isProduction }: ProcessFacts): string[] {
  const { protocol, hostname } = new URL(origin);
  return isProduction && protocol === 'http:' && !isLoopback(hostname)
    ? [
        `${origin} must be https with NODE_ENV=production: ` +
          'names, addresses and amounts would be sent unencrypted',
      ]
    : [];
}
