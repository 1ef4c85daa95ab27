import type { TopicPartition } from '../kafka/publisher.ts';
import { backoffMs } from '../lib/backoff.ts';

/**
 * One partition of a topic, or a topic whose partitions are unknown (`partition` undefined).
 *
 * States: free; busy, while a request is in flight; blocked, from a failure until the next retry is due. A
 * blocked lane delays only its own records.
 */
export interface RelayLane {
  readonly topic: string;
  readonly partition?: number | undefined;
  /**
   * Whether records read at `readAt` may be published now: not if they were read before the lane's last mark.
   */
  isFree(readAt: number): boolean;
  /** The last request failed: the next one gets few records. */
  isOnTrial(): boolean;
  begin(): void;
  succeed(): void;
  fail(error: unknown): void;
  /** The request has ended, with or without success. */
  end(): void;
  /** Records were left because the lane was not free; `fetch` reads them again when it is. */
  leave(fetch: () => void): void;
}

export type PartitionLane = RelayLane & TopicPartition;

/** A lane failed, or works again. */
export type LaneChange =
  | { readonly kind: 'blocked'; readonly lane: RelayLane; readonly error: unknown }
  | { readonly kind: 'working'; readonly lane: RelayLane; readonly blockedMs: number };

export interface Lanes {
  ofTopic(topic: string): RelayLane;
  ofPartition(place: TopicPartition): PartitionLane;
  /** Reads the records again that were left by lanes which are free now. */
  fetchLeft(): void;
  /** The changes since the last call. */
  takeChanges(): LaneChange[];
}

const backoff = { firstMs: 250, longestMs: 15_000, jitter: 0.25 };

export function createLanes(now: () => number = () => performance.now()): Lanes {
  const changes: LaneChange[] = [];
  const ofTopics = new Map<string, RememberingLane<RelayLane>>();
  const ofPartitions = new Map<string, RememberingLane<PartitionLane>>();
  return {
    ofTopic(topic) {
      const lane = ofTopics.get(topic) ?? createLane({ topic }, { now, changes });
      ofTopics.set(topic, lane);
      return lane;
    },
    ofPartition(place) {
      const name = `${place.topic}/${place.partition}`;
      const lane = ofPartitions.get(name) ?? createLane(place, { now, changes });
      ofPartitions.set(name, lane);
      return lane;
    },
    fetchLeft() {
      for (const lane of [...ofTopics.values(), ...ofPartitions.values()]) lane.fetchLeft();
    },
    takeChanges: () => changes.splice(0),
  };
}

type RememberingLane<L extends RelayLane> = L & { fetchLeft(): void };

interface LaneDeps {
  readonly now: () => number;
  readonly changes: LaneChange[];
}

function createLane<P extends { readonly topic: string; readonly partition?: number }>(
  place: P,
  { now, changes }: LaneDeps,
): RememberingLane<RelayLane & P> {
  let isBusy = false;
  let freeSince = Number.NEGATIVE_INFINITY;
  let blockedSince: number | undefined;
  let blockedUntil = 0;
  let failures = 0;
  let left: (() => void) | undefined;

  const lane: RememberingLane<RelayLane & P> = {
    ...place,
    isFree: (readAt) => !isBusy && freeSince <= readAt && now() >= blockedUntil,
    isOnTrial: () => blockedSince !== undefined,
    begin() {
      isBusy = true;
    },
    succeed() {
      if (blockedSince !== undefined) {
        changes.push({ kind: 'working', lane, blockedMs: Math.round(now() - blockedSince) });
      }
      blockedSince = undefined;
      blockedUntil = 0;
      failures = 0;
    },
    fail(error) {
      changes.push({ kind: 'blocked', lane, error });
      blockedSince ??= now();
      failures++;
      blockedUntil = now() + backoffMs(failures, backoff);
    },
    end() {
      isBusy = false;
      freeSince = now();
    },
    leave(fetch) {
      left ??= fetch;
    },
    fetchLeft() {
      if (left === undefined || !lane.isFree(now())) return;
      void left();
      left = undefined;
    },
  };
  return lane;
}
