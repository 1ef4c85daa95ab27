import { type Claim, type ClaimToken, compareIds } from '../../bill.ts';
import { newClaimToken } from '../../db/claimTokens.ts';
import { isolate } from '../../db/isolate.ts';
import { findUnclaimableEvents, namedBillKeyOf } from '../../db/reads/findUnclaimable.ts';
import { claimBills } from '../../db/transitions/claimBills.ts';
import { keepEarly } from './keepEarly.ts';
import type { ClaimedBill, Lane } from './lane.ts';
import { type EventRecord, quarantine } from './quarantine.ts';
import type { StageDeps } from './stage.ts';

/**
 * Claims the bills of a batch under one fresh token. A bill that is not won belongs to another dispatcher, is
 * done, or is not due: its row remembers that, so the record is skipped. An event whose row does not exist
 * yet is kept until it does. What no claim could ever win goes to the dead letters. A bill that comes twice
 * in one batch is claimed once; its record is quarantined as often as it comes.
 */
export async function claim(
  deps: StageDeps,
  lane: Lane,
  records: readonly EventRecord[],
): Promise<ClaimedBill[]> {
  const named = gatherRepeats(skipStale(lane, records));
  if (named.length === 0) return [];
  const token = newClaimToken();
  const { claims, answered } = await claimNamed(deps, lane, { token, named });
  const claimOf = new Map(claims.map((won) => [namedBillKeyOf(won), won]));
  const batch = deps.batchBook.open(token, claims.length);
  const claimed: ClaimedBill[] = [];
  const unclaimed: EventRecord[] = [];
  for (const [record, ...repeats] of answered) {
    const won = claimOf.get(namedBillKeyOf(record.event));
    if (won === undefined) {
      unclaimed.push(record, ...repeats);
      continue;
    }
    claimed.push(lane.claim(record, won, batch));
    for (const repeat of repeats) lane.skip(repeat);
  }
  await sortUnclaimed(deps, lane, unclaimed);
  return claimed;
}

/** Skips records of partitions that we have lost. Their next owner gets them; nobody commits them here. */
function skipStale(lane: Lane, records: readonly EventRecord[]): readonly EventRecord[] {
  const current = records.filter((record) => record.isCurrent());
  if (current.length === records.length) return records;
  for (const record of records) if (!record.isCurrent()) lane.skip(record);
  return current;
}

interface NamedBills {
  readonly token: ClaimToken;
  readonly named: readonly Repeats[];
}

/** Asks for the claims. A bill that the database refuses is logged and left to the sweeper's scan. */
async function claimNamed(
  { database, dispatcherId, throttledLog, meters }: StageDeps,
  lane: Lane,
  { token, named }: NamedBills,
): Promise<{ claims: Claim[]; answered: Repeats[] }> {
  const { channel } = lane;
  const claims: Claim[] = [];
  const answered: Repeats[] = [];
  const run = async (part: readonly Repeats[]) => {
    const events = part.map(([{ event }]) => event);
    const claimAll = () => claimBills(database, { token, owner: dispatcherId, channel, events });
    return { part, won: await meters.stages.time('claim', part.length, claimAll) };
  };
  for await (const outcome of isolate(named, { run, throttledLog })) {
    if (outcome.kind === 'done') {
      claims.push(...outcome.result.won);
      answered.push(...outcome.result.part);
    } else if (outcome.kind === 'stuck') {
      lane.postpone(outcome.items.flat());
    } else {
      const { billId } = outcome.item[0].event;
      throttledLog.warn('bill cannot be claimed, the database refuses it', {
        billId,
        channel,
        code: outcome.code,
      });
      for (const record of outcome.item) lane.skip(record);
    }
  }
  return { claims, answered };
}

/** The records of one event, in the order they came. */
type Repeats = [EventRecord, ...EventRecord[]];

/**
 * Each event once, in ascending order of ids, so that overlapping batches wait for each other and do not
 * deadlock.
 */
function gatherRepeats(records: readonly EventRecord[]): Repeats[] {
  const named = new Map<string, Repeats>();
  for (const record of records) {
    const key = namedBillKeyOf(record.event);
    const repeats = named.get(key);
    if (repeats === undefined) named.set(key, [record]);
    else repeats.push(record);
  }
  return [...named.values()].sort(([a], [b]) => compareIds(a.event.billId, b.event.billId));
}

/**
 * Skips records, keeps early ones and quarantines bad ones. If the database cannot be asked, they are
 * postponed.
 */
async function sortUnclaimed(deps: StageDeps, lane: Lane, unclaimed: readonly EventRecord[]): Promise<void> {
  const run = async (part: readonly EventRecord[]) => ({
    part,
    unclaimable: await findUnclaimableEvents(
      deps.database,
      part.map(({ event }) => event),
    ),
  });
  for await (const outcome of isolate(unclaimed, { run, throttledLog: deps.throttledLog })) {
    if (outcome.kind !== 'done') {
      lane.postpone(outcome.kind === 'stuck' ? outcome.items : [outcome.item]);
      continue;
    }
    const { part, unclaimable } = outcome.result;
    const whyOf = ({ event }: EventRecord) => unclaimable.get(namedBillKeyOf(event));
    await keepEarly(
      deps,
      lane,
      part.filter((record) => whyOf(record) === 'early'),
    );
    const mismatched = part.filter((record) => whyOf(record) === 'memberMismatch');
    await quarantine(
      deps,
      lane,
      mismatched.map((record) => ({ record, reason: 'EVENT_MEMBER_MISMATCH' })),
    );
    for (const record of part) if (whyOf(record) === undefined) lane.skip(record);
  }
}
