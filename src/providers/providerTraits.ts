import type { Channel } from '../channels.ts';
import { mappedSendsFiles, settingsOfMapped } from './mapped/mapped.ts';
import type { ReceiptWays, SettingQuestion, Warmup } from './providerKind.ts';
import type { ProviderShare } from './providerShares.ts';
import {
  connects,
  isKind,
  kindOf,
  kinds,
  type ProviderName,
  type ProviderSettings,
  providerNames,
} from './registry.ts';

/** Whether it only pretends to send, so that nothing leaves the machine. */
export function sendsNothing(name: ProviderName): boolean {
  return isKind(name) && kinds[name].sendsNothing === true;
}

/** Whether files may go with its e-mails. */
export function sendsFiles(name: ProviderName, ownDir: string | undefined): boolean {
  return isKind(name) ? kinds[name].sendsFiles : mappedSendsFiles(name, ownDir);
}

/** Those that send files to real members. */
export function fileProviderNames(ownDir: string | undefined): string[] {
  return providerNames(ownDir).filter((name) => connects(name) && sendsFiles(name, ownDir));
}

/** What a person is asked for if the channel is to use it. */
export function questionsAbout(
  name: ProviderName,
  channel: Channel,
  ownDir: string | undefined,
): readonly SettingQuestion[] {
  if (isKind(name)) return kinds[name].questions?.(channel) ?? [];
  return settingsOfMapped(name, channel, ownDir).map(({ name: setting, about, secret }) => ({
    name: setting,
    question: `${setting}: ${about}`,
    isSecret: secret,
    isNeeded: true,
  }));
}

/** By which ways its receipts come; undefined: by none. */
export function receiptWaysOf(name: ProviderName, settings: ProviderSettings): ReceiptWays | undefined {
  if (isKind(name)) return kindOf(name).receipts?.(settings[name]);
  const mapping = settings.mapped[name]?.mapping;
  // What posts receipts of a module speaks our own protocol.
  if (mapping === undefined) return { kind: 'api', webhook: 'http', polls: [] };
  return { kind: 'api', webhook: mapping.receipts?.webhook, polls: mapping.receipts?.polls ?? [] };
}

/** The plan of the first of these providers that has one. */
export function warmupOf(shares: readonly ProviderShare[], settings: ProviderSettings): Warmup | undefined {
  for (const { name } of shares) {
    const warmup = isKind(name) ? kindOf(name).warmup?.(settings[name]) : undefined;
    if (warmup !== undefined) return warmup;
  }
  return undefined;
}
