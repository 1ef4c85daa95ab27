import type { BillTopics, Channel } from '../channels.ts';
import type { Database } from '../db/database.ts';
import { markEventsPublished } from '../db/transitions/outbox.ts';
import { refuseUnsendable } from '../db/transitions/refuseUnsendable.ts';
import type { Publisher } from '../kafka/publisher.ts';
import { within } from '../lib/timeLimit.ts';
import type { Logger } from '../log/log.ts';
import { type BacklogPart, createBacklog, type OwedRecord } from './backlog.ts';
import { createLanes } from './lanes.ts';
import { type LaneLoad, loadLanes } from './loadLanes.ts';
import { createLaneLog } from './logLaneChanges.ts';
import { type Mark, markPublished } from './markPublished.ts';
import { createMarks } from './marks.ts';
import { shorterLetters } from './owedRecords.ts';
import { publishWithinLimits } from './publishWithinLimits.ts';
import { createRefusedRecords } from './refusedRecords.ts';

export interface RoundDeps {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly topics: BillTopics;
  /** The channels that `CHANNELS` names. */
  readonly channels: readonly Channel[];
  readonly log: Logger;
}

export interface Rounds {
  /**
   * Publishes a part of what rows owe, and marks what is acknowledged. Each partition is a separate lane,
   * marked when it is done. The round does not wait for a lane that is slow or cannot be written.
   * @returns how many rows were marked since the last round
   * @throws the error of PostgreSQL
   */
  run(): Promise<number>;
  /** Waits for the lanes in flight, at most `withinMs`. */
  finish(withinMs: number): Promise<void>;
}

/** How long a round waits for its partitions: a slow one must not delay the others. */
const patienceMs = 1_000;
/** From this many records on, the next part is read without a rest. */
const manyRecords = 500;

export function createRounds(deps: RoundDeps): Rounds {
  const lanes = createLanes();
  const logChanges = createLaneLog(deps.log);
  const refusals = createRefusedRecords(deps.log);
  const backlog = createBacklog(deps);
  const inFlight = new Set<Promise<void>>();
  let published = 0;
  let failure: { readonly error: unknown } | undefined;
  const marks = createMarks<Mark>(async (items) => {
    await markPublished(deps, items);
    published += items.length;
  });

  const publishLane = async ({ lane, records }: LaneLoad, readAgain: () => void): Promise<void> => {
    const send = deps.publisher.publishTo;
    const result = await publishWithinLimits((part) => send(lane, part), records, shorterFormsOf);
    await marks.add([
      ...result.whole.map(({ source }) => ({ source, isShortened: false })),
      ...result.shortened.map(({ source }) => ({ source, isShortened: true })),
    ]);
    refusals.add(
      lane.topic,
      result.refused.map(({ record, error }) => ({ source: record.source, error })),
    );
    if (result.failure === undefined) {
      lane.succeed();
    } else {
      lane.fail(result.failure);
      lane.leave(readAgain);
    }
  };

  const start = (load: LaneLoad, readAgain: () => void): Promise<void> => {
    const { lane } = load;
    lane.begin();
    const work = publishLane(load, readAgain)
      .catch((error: unknown) => {
        failure = { error };
      })
      .finally(() => {
        lane.end();
        inFlight.delete(work);
      });
    inFlight.add(work);
    return work;
  };

  /** @returns the work that has started */
  const startAll = async (part: BacklogPart, readAt: number): Promise<Promise<void>[]> => {
    const wanted = part.records.filter((record) => !refusals.isWaiting(record.source));
    const { readAgain } = part;
    const loads = await loadLanes(wanted, {
      publisher: deps.publisher,
      lanes,
      readAgain,
      readAt,
      patienceMs,
    });
    if (loads.reduce((sum, { records }) => sum + records.length, 0) >= manyRecords) part.wasUseful();
    return loads.map((load) => start(load, readAgain));
  };

  return {
    async run() {
      lanes.fetchLeft();
      const readAt = performance.now();
      const part = await backlog.read();
      if (part.settled.length > 0) published += await markEventsPublished(deps.database, part.settled);
      if (part.unsendable.length > 0) await refuseAll(deps, part);
      await within(patienceMs, Promise.all(await startAll(part, readAt)));
      logChanges(lanes.takeChanges());
      const thrown = failure;
      failure = undefined;
      if (thrown !== undefined) throw thrown.error;
      const count = published;
      published = 0;
      return count;
    },
    async finish(withinMs) {
      await within(withinMs, Promise.all(inFlight));
    },
  };
}

/** Only a record from elsewhere may be too large for the dead letter topic. */
function shorterFormsOf(record: OwedRecord) {
  return record.source.kind === 'poison' ? shorterLetters(record) : [];
}

async function refuseAll({ database, log }: RoundDeps, { unsendable }: BacklogPart): Promise<void> {
  const refused = await refuseUnsendable(database, unsendable);
  log.warn(
    { bills: refused, firstBillIds: unsendable.slice(0, 5).map(({ billId }) => billId) },
    'bills are FAILED, because an event cannot contain a bill id or member id below 1',
  );
}
