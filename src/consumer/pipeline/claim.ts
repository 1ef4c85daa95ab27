import { type Claim, compareIds } from '../../bill.ts';
import { newClaimToken } from '../../db/claimTokens.ts';
import { isolate } from '../../db/isolate.ts';
import { findUnclaimableEvents, namedBillKeyOf } from '../../db/reads/findUnclaimable.ts';
import { claimBills } from '../../db/transitions/claimBills.ts';
import type { ClaimedBill } from './claimedBill.ts';
import { keepEarly } from './keepEarly.ts';
import type { Lane } from './lane.ts';
import type { PipelineDeps } from './pipelineDeps.ts';
import { type EventRecord, quarantine } from './quarantine.ts';

/** What became of a batch's records; those in neither list are done. */
export interface ClaimedBatch {
  readonly claimed: ClaimedBill[];
  /** The database stopped each try: to be claimed later. */
  readonly later: EventRecord[];
}

/**
 * Claims the bills of a batch under one fresh token. What is not won is another's, done, or not due: the row
 * remembers it, so the record is done for this dispatcher. An event whose row is not there yet is kept
 * until it comes; what no claim could ever win goes to the dead letters. A bill that comes twice in one batch is
 * claimed once; a record is set aside as often as it comes.
 */
export async function claim(
  deps: PipelineDeps,
  lane: Lane,
  records: readonly EventRecord[],
): Promise<ClaimedBatch> {
  const named = gatherRepeats(records.filter(isWorthClaiming));
  if (named.length === 0) return { claimed: [], later: [] };
  const { claims, answered, later } = await claimNamed(deps, lane, named);
  const claimOf = new Map(claims.map((won) => [namedBillKeyOf(won), won]));
  const claimed: ClaimedBill[] = [];
  const unclaimed: EventRecord[] = [];
  for (const [record, ...repeats] of answered) {
    const won = claimOf.get(namedBillKeyOf(record.event));
    if (won === undefined) {
      unclaimed.push(record, ...repeats);
      continue;
    }
    claimed.push({ record, claim: won });
    for (const repeat of repeats) repeat.done();
  }
  deps.settler.expect(claims);
  return { claimed, later: [...later, ...(await skipUnclaimed(deps, unclaimed))] };
}

/** Asks for the claims; a bill that the database refuses is told and left to the sweeper's walk. */
async function claimNamed(
  { database, dispatcherId, throttledLog }: PipelineDeps,
  { channel }: Lane,
  named: readonly Repeats[],
): Promise<{ claims: Claim[]; answered: Repeats[]; later: EventRecord[] }> {
  const token = newClaimToken();
  const claims: Claim[] = [];
  const answered: Repeats[] = [];
  const later: EventRecord[] = [];
  const run = async (part: readonly Repeats[]) => {
    const events = part.map(([{ event }]) => event);
    return { part, won: await claimBills(database, { token, owner: dispatcherId, channel, events }) };
  };
  for await (const outcome of isolate(named, { run, throttledLog })) {
    if (outcome.kind === 'done') {
      claims.push(...outcome.result.won);
      answered.push(...outcome.result.part);
    } else if (outcome.kind === 'stuck') {
      later.push(...outcome.items.flat());
    } else {
      const { billId } = outcome.item[0].event;
      throttledLog.warn('bill cannot be claimed, the database refuses it', {
        billId,
        channel,
        code: outcome.code,
      });
      for (const record of outcome.item) record.done();
    }
  }
  return { claims, answered, later };
}

/** A lost partition's records come to its next owner; they are let go here, and nobody commits them. */
function isWorthClaiming(record: EventRecord): boolean {
  if (record.isCurrent()) return true;
  record.done();
  return false;
}

/** The records of one event, in the order they came. */
type Repeats = [EventRecord, ...EventRecord[]];

/** Each event once, in ascending order of ids: so that batches that overlap wait instead of deadlocking. */
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

/** @returns those of which the database could not be asked */
async function skipUnclaimed(deps: PipelineDeps, unclaimed: readonly EventRecord[]): Promise<EventRecord[]> {
  const later: EventRecord[] = [];
  const run = async (part: readonly EventRecord[]) => ({
    part,
    unclaimable: await findUnclaimableEvents(
      deps.database,
      part.map(({ event }) => event),
    ),
  });
  for await (const outcome of isolate(unclaimed, { run, throttledLog: deps.throttledLog })) {
    if (outcome.kind !== 'done') {
      later.push(...(outcome.kind === 'stuck' ? outcome.items : [outcome.item]));
      continue;
    }
    const { part, unclaimable } = outcome.result;
    const whyOf = ({ event }: EventRecord) => unclaimable.get(namedBillKeyOf(event));
    const early = part.filter((record) => whyOf(record) === 'early');
    later.push(...(await keepEarly(deps, early)));
    const mismatched = part.filter((record) => whyOf(record) === 'memberMismatch');
    await quarantine(
      deps,
      mismatched.map((record) => ({ record, reason: 'EVENT_MEMBER_MISMATCH' })),
    );
    for (const record of part) if (whyOf(record) === undefined) record.done();
  }
  return later;
}
