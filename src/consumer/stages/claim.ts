import type { BillId } from '../../bill.ts';
import { claimBills } from '../../db/claim.ts';
import { newClaimToken } from '../../db/claimTokens.ts';
import { findUnclaimableEvents, namedBillKeyOf } from '../../db/findUnclaimable.ts';
import type { ClaimedBill } from '../carriedBill.ts';
import type { Lane } from '../lane.ts';
import type { PipelineParts } from '../pipelineParts.ts';
import { type EventRecord, setAside } from './setAsidePoison.ts';

/**
 * Claims the bills of a batch under one fresh token. What is not won is another's, done, or not due: the row
 * remembers it, so the record is done for this dispatcher. What no claim could ever win goes to the dead
 * letters. A bill that comes twice in one batch is claimed once; a record is set aside as often as it comes.
 */
export const claim = async (
  parts: PipelineParts,
  lane: Lane,
  records: readonly EventRecord[],
): Promise<ClaimedBill[]> => {
  const named = gatherRepeats(records.filter(isWorthClaiming));
  if (named.length === 0) return [];
  const claims = await claimBills(parts.database, {
    token: newClaimToken(),
    owner: parts.dispatcherId,
    channel: lane.channel,
    events: named.map(([{ event }]) => event),
  });
  const claimOf = new Map(claims.map((won) => [namedBillKeyOf(won), won]));
  const claimed: ClaimedBill[] = [];
  const unclaimed: EventRecord[] = [];
  for (const [record, ...repeats] of named) {
    const won = claimOf.get(namedBillKeyOf(record.event));
    if (won === undefined) {
      unclaimed.push(record, ...repeats);
      continue;
    }
    claimed.push({ record, claim: won });
    for (const repeat of repeats) repeat.done();
  }
  parts.settler.expect(claims);
  await skipUnclaimed(parts, unclaimed);
  return claimed;
};

/** A lost partition's records come to its next owner; they are let go here, and nobody commits them. */
const isWorthClaiming = (record: EventRecord): boolean => {
  if (record.isCurrent()) return true;
  record.done();
  return false;
};

/** The records of one event, in the order they came. */
type Repeats = [EventRecord, ...EventRecord[]];

/** Each event once, in ascending order of ids: so that batches that overlap wait instead of deadlocking. */
const gatherRepeats = (records: readonly EventRecord[]): Repeats[] => {
  const named = new Map<string, Repeats>();
  for (const record of records) {
    const key = namedBillKeyOf(record.event);
    const repeats = named.get(key);
    if (repeats === undefined) named.set(key, [record]);
    else repeats.push(record);
  }
  return [...named.values()].sort(([a], [b]) => compareIds(a.event.billId, b.event.billId));
};

/** Decimal numbers without leading zeros: the longer one is greater. */
const compareIds = (a: BillId, b: BillId): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

const skipUnclaimed = async (parts: PipelineParts, unclaimed: readonly EventRecord[]): Promise<void> => {
  if (unclaimed.length === 0) return;
  const hopeless = await findUnclaimableEvents(
    parts.database,
    unclaimed.map(({ event }) => event),
  );
  await setAside(
    parts,
    unclaimed.flatMap((record) => {
      const reason = hopeless.get(namedBillKeyOf(record.event));
      return reason === undefined ? [] : [{ record, reason }];
    }),
  );
  for (const record of unclaimed) record.done();
};
