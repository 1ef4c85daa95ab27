import type { DispatcherId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { moveOutcomeCursors, openOutcomeCursors } from '../../db/outcomes/outcomeCursors.ts';
import { type NumberedOutcome, readOutcomes } from '../../db/outcomes/readOutcomes.ts';
import { choosePartition, type Publisher } from '../../kafka/publisher.ts';
import type { Partitions } from '../../kafka/topicMap.ts';
import { within } from '../../lib/timeLimit.ts';
import type { Logger } from '../../log/log.ts';
import { createLanes, type Lanes, type PartitionLane } from '../lanes.ts';
import { createLaneLog, type LaneLog } from '../logLaneChanges.ts';
import { publishWithinLimits } from '../publishWithinLimits.ts';
import { outcomeRecordOf } from './outcomeRecord.ts';

export interface OutcomePagesDeps {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly topic: string;
  readonly lease: { readonly name: string; readonly owner: DispatcherId };
  readonly log: Logger;
}

const outcomesPerPage = 2_000;
const patienceMs = 1_000;

/**
 * Publishes outcomes page by page, in the order of their numbers. Each partition has a cursor: the number up
 * to which it has acknowledged. A partition that cannot be written waits alone. When it can be written again,
 * the others wait until it has caught up.
 *
 * Invariant: a cursor moves only after the acknowledgement, and is saved after that. What is behind the saved
 * cursors is published again after a crash, with the same numbers.
 */
export class OutcomePages {
  readonly #deps: OutcomePagesDeps;
  readonly #lanes: Lanes = createLanes();
  readonly #logChanges: LaneLog;
  readonly #inFlight = new Set<Promise<void>>();
  /** One per partition; empty until they are known. */
  #cursors: number[] = [];
  /** The cursors as they are in the database. A slow partition may move its cursor between two pages. */
  #saved: number[] = [];

  constructor(deps: OutcomePagesDeps) {
    this.#deps = deps;
    this.#logChanges = createLaneLog(deps.log);
  }

  /**
   * Publishes one page.
   * @param last the highest number that was given
   * @returns whether there may be more
   * @throws the error of PostgreSQL, or the brokers' if the topic is not known
   */
  async publishPage(last: number): Promise<boolean> {
    if (this.#cursors.length > 0 && Math.min(...this.#cursors) >= last) {
      await this.#save();
      return false;
    }
    const { publisher, topic, database } = this.#deps;
    const partitions = await publisher.partitionsOf(topic);
    if (partitions.length !== this.#cursors.length) await this.#open(partitions.length);
    const lanes = this.#freeLanes(partitions);
    const after = Math.min(...lanes.map(({ partition }) => this.#cursors[partition] ?? 0));
    const page = lanes.length === 0 ? [] : await readOutcomes(database, { after, limit: outcomesPerPage });
    await within(patienceMs, Promise.all(this.#startAll(page, lanes, partitions)));
    this.#logChanges(this.#lanes.takeChanges());
    return (await this.#save()) && page.length === outcomesPerPage;
  }

  /** Makes the next page read the cursors again: another process may have moved them. */
  forgetCursors(): void {
    this.#cursors = [];
  }

  /** Waits for what is in flight, at most `withinMs`. */
  async finish(withinMs: number): Promise<void> {
    await within(withinMs, Promise.all(this.#inFlight));
  }

  async #open(partitions: number): Promise<void> {
    this.#cursors = await openOutcomeCursors(this.#deps.database, partitions);
    this.#saved = [...this.#cursors];
  }

  /** @returns whether a cursor has moved since the last time */
  async #save(): Promise<boolean> {
    const moved = new Map(
      [...this.#cursors.entries()].filter(([partition, number]) => number !== this.#saved[partition]),
    );
    if (moved.size === 0) return false;
    await moveOutcomeCursors(this.#deps.database, moved, this.#deps.lease);
    for (const [partition, number] of moved) this.#saved[partition] = number;
    return true;
  }

  #freeLanes(partitions: Partitions): PartitionLane[] {
    const { topic } = this.#deps;
    return partitions
      .filter(({ hasLeader }) => hasLeader)
      .map(({ partition }) => this.#lanes.ofPartition({ topic, partition }))
      .filter((lane) => lane.isFree(performance.now()));
  }

  #startAll(
    page: readonly NumberedOutcome[],
    lanes: readonly PartitionLane[],
    partitions: Partitions,
  ): Promise<void>[] {
    const through = page.at(-1)?.number ?? 0;
    const ofPartitions = Map.groupBy(page, ({ billId }) => choosePartition(billId, partitions));
    return lanes.flatMap((lane) => {
      const cursor = this.#cursors[lane.partition] ?? 0;
      if (cursor >= through) return [];
      const outcomes = (ofPartitions.get(lane.partition) ?? []).filter(({ number }) => number > cursor);
      return [this.#start(lane, outcomes, through)];
    });
  }

  #start(lane: PartitionLane, outcomes: readonly NumberedOutcome[], through: number): Promise<void> {
    lane.begin();
    const work = this.#publishLane(lane, outcomes, through)
      .catch((error: unknown) => lane.fail(error))
      .finally(() => {
        lane.end();
        this.#inFlight.delete(work);
      });
    this.#inFlight.add(work);
    return work;
  }

  async #publishLane(
    lane: PartitionLane,
    outcomes: readonly NumberedOutcome[],
    through: number,
  ): Promise<void> {
    const { publisher, topic } = this.#deps;
    const cursors = this.#cursors;
    const records = outcomes.map((outcome) => outcomeRecordOf(outcome, topic));
    const { failure, refused } = await publishWithinLimits(
      (part) => publisher.publishTo(lane, part),
      records,
    );
    const error = failure ?? refused[0]?.error;
    if (error !== undefined) {
      lane.fail(error);
      return;
    }
    lane.succeed();
    if (cursors === this.#cursors) cursors[lane.partition] = through;
  }
}
