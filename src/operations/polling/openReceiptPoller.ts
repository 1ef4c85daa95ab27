import type { Config } from '../../config/loadConfig.ts';
import { createAddressHasher } from '../../policy/addressHasher.ts';
import { createReceiptPolls } from '../../providers/registry.ts';
import type { ReceiptPoller, ReceiptPollerDeps } from './receiptPoller.ts';

/** Undefined if no provider is asked for receipts: then nothing is loaded. */
export async function openReceiptPoller({
  config,
  ...deps
}: Omit<ReceiptPollerDeps, 'addressHasher'> & { readonly config: Config }): Promise<
  ReceiptPoller | undefined
> {
  const polls = await createReceiptPolls(config.providerSettings, {
    timeLimitMs: config.sendTimeoutMs,
    perSecond: config.receiptRates,
  });
  if (polls.length === 0) return undefined;
  const { createReceiptPoller } = await import('./receiptPoller.ts');
  return createReceiptPoller({ ...deps, addressHasher: createAddressHasher(config.cipher.keys) }, polls);
}
