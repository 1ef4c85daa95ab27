import { type Channel, channelNames, channels } from '../channels.ts';
import { type ReceiptOrigin, storeReceipts } from '../db/storeReceipts.ts';
import type { ReceiptMeter } from '../metrics/receiptMeter.ts';
import type { AddressHasher } from '../policy/addressHasher.ts';
import { namingId } from '../providers/http/providerId.ts';
import type { Receipt } from '../providers/inbound/receipt.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface ReceiptDeps extends Pick<OperationDeps, 'database'> {
  readonly addressHasher: AddressHasher;
  readonly receiptMeter: ReceiptMeter;
}

/** What was done with incoming receipts. */
export interface ReceiptFacts {
  /** Receipts that were new and are stored now. */
  readonly fresh: number;
  /** Receipts that had come before. */
  readonly repeated: number;
  /** Receipts that name no attempt of ours, neither by key nor by an id, and are of no use. */
  readonly nameless: number;
}

/**
 * Stores receipts. What they mean for their bills is decided later. Of the address only a keyed hash is
 * stored, and the provider's id only if it names one message.
 */
export async function receiveReceipts(
  { database, addressHasher, receiptMeter }: ReceiptDeps,
  { receipts, origin }: { readonly receipts: readonly Receipt[]; readonly origin: ReceiptOrigin },
): Promise<ReceiptFacts> {
  const keepable = receipts.map((receipt) => ({
    ...receipt,
    providerId: idOf(receipt),
    code: codeOf(receipt),
  }));
  const named = keepable.filter(({ attempt, providerId }) => (attempt ?? providerId) !== undefined);
  const stored = named.map(({ recipient, ...receipt }) => {
    const channel = receipt.attempt?.channel ?? channelReaching(recipient);
    const isKnown = recipient !== undefined && channel !== undefined;
    const addressHash = isKnown ? addressHasher.hash(channel, recipient) : undefined;
    return { ...receipt, at: plausibleTime(receipt.at), addressHash };
  });
  const counts = await storeReceipts(database, stored, origin);
  for (const { channel, kind, fresh } of counts) {
    if (fresh > 0) receiptMeter.add({ channel, provider: origin.provider, kind }, fresh);
  }
  return {
    fresh: counts.reduce((sum, { fresh }) => sum + fresh, 0),
    repeated: counts.reduce((sum, { repeated }) => sum + repeated, 0),
    nameless: receipts.length - named.length,
  };
}

function idOf({ providerId, recipient }: Receipt): string | undefined {
  return providerId === undefined ? undefined : namingId(providerId, recipient);
}

/** A word of the recipient's own address may look like a code. */
function codeOf({ code, recipient = '' }: Receipt): string | undefined {
  const address = recipient.includes('@') ? recipient.toLowerCase() : '';
  const words = code?.split(' ').filter((word) => !address.includes(word.toLowerCase()));
  return words?.join(' ') || undefined;
}

/** A clock that is far off must not cost the receipt, nor the others that came with it. */
function plausibleTime(at: Date | undefined): Date | undefined {
  return at !== undefined && at >= earliest && at < latest ? at : undefined;
}

const earliest = new Date('1970-01-01T00:00:00Z');
const latest = new Date('9999-01-01T00:00:00Z');

/** Any channel with such addresses will do: the hash of an address is the same on all of them. */
function channelReaching(recipient = ''): Channel | undefined {
  const contact = recipient.includes('@') ? 'email' : 'phone';
  return channelNames.find((name) => channels[name].contact === contact);
}
