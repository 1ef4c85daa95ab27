import type { BillId } from '../bill.ts';
import { type Channel, channelNames, channels } from '../channels.ts';
import {
  addSuppressions,
  liftSuppressions,
  type NewSuppression,
  removeSuppressions,
  type Suppression,
  type SuppressionQuery,
  selectSuppressions,
  selectSuppressionsByHash,
} from '../db/suppressions.ts';
import { BillcastError } from '../errors.ts';
import { contactHashes, createAddressHasher } from '../policy/addressHasher.ts';
import { readContact } from './contacts.ts';
import type { OperationDeps } from './operationDeps.ts';
import { type PreviewDeps, previewBill } from './preview.ts';
import { withoutPersonalData } from './withoutPersonalData.ts';

export interface SuppressRequest {
  readonly billIds: readonly BillId[];
  readonly channel: Channel;
  /** The reason, which is stored with the entry. */
  readonly reason: string;
  readonly actor: string;
  readonly dryRun: boolean;
}

/** The result, in bills. */
export interface SuppressFacts {
  readonly dryRun: boolean;
  readonly suppressed: number;
  readonly onTheList: number;
  /** Bills whose members cannot be reached by this channel anyway. */
  readonly withoutAddress: number;
}

/**
 * Puts the present addresses of these bills' members on the suppression list.
 * @throws BillcastError USAGE for an unknown bill, or if there is no key for the hashes
 */
export async function suppressBills(
  deps: PreviewDeps,
  { billIds, channel, reason, actor, dryRun }: SuppressRequest,
): Promise<SuppressFacts> {
  const hasher = createAddressHasher(deps.config.cipher.keys);
  const entries: NewSuppression[] = [];
  for (const billId of new Set(billIds)) {
    const rendered = (await previewBill(deps, { billId })).messages[channel];
    if (rendered.kind === 'unpreparable') continue;
    const addressHash = hasher.hash(channel, rendered.to);
    if (addressHash === undefined) {
      throw new BillcastError('USAGE', 'addresses are kept as keyed hashes: set CIPHER_KEYS first');
    }
    entries.push({ billId, addressHash });
  }
  const note = withoutPersonalData(reason);
  const suppressed = dryRun
    ? entries.length
    : await addSuppressions(deps.database, { channel, entries, note, addedBy: actor });
  return {
    dryRun,
    suppressed,
    onTheList: entries.length - suppressed,
    withoutAddress: new Set(billIds).size - entries.length,
  };
}

/** A page of the list, newest first. */
export async function listSuppressions(
  { database }: Pick<OperationDeps, 'database'>,
  query: SuppressionQuery,
): Promise<{ readonly items: readonly Suppression[]; readonly next: string | null }> {
  const items = await selectSuppressions(database, query);
  return { items, next: items.length < query.limit ? null : (items.at(-1)?.id ?? null) };
}

/**
 * The entries of an e-mail address or a phone number, found by its keyed hashes, including reactivated ones.
 * @throws BillcastError USAGE if the text is neither
 */
export function findSuppressions(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  text: string,
): Promise<Suppression[]> {
  const { field, to } = readContact(text);
  const hashes = contactHashes(config.cipher.keys, field, to);
  const itsChannels = channelNames.filter((channel) => channels[channel].contact === field);
  return selectSuppressionsByHash(database, { channels: itsChannels, hashes });
}

/** Makes addresses be tried again. The entries stay, and count again if the address comes back once more. */
export async function reactivateAddresses(
  { database }: Pick<OperationDeps, 'database'>,
  { ids, actor }: { readonly ids: readonly string[]; readonly actor: string },
): Promise<{ readonly reactivated: number; readonly notOnTheList: number }> {
  const reactivated = await liftSuppressions(database, ids, actor);
  return { reactivated, notOnTheList: new Set(ids).size - reactivated };
}

/** Deletes entries that were a mistake. */
export async function removeFromSuppressions(
  { database }: Pick<OperationDeps, 'database'>,
  { ids }: { readonly ids: readonly string[] },
): Promise<{ readonly removed: number; readonly notOnTheList: number }> {
  const removed = await removeSuppressions(database, ids);
  return { removed, notOnTheList: new Set(ids).size - removed };
}
