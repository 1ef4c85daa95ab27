import { type IntakeProgress, OwnedPartition } from './ownedPartition.ts';

/** Partition numbers by topic, as assigned by a join. */
export type PartitionsByTopic = Readonly<Record<string, readonly number[]>>;

/** How many partitions a join kept, added and removed. */
export interface AssignmentChange {
  readonly retained: number;
  readonly gained: number;
  readonly lost: number;
}

/** How far a partition is done. */
export interface Watermark {
  readonly topic: string;
  readonly partition: number;
  /** The offset below which all is done; undefined if nothing is known. */
  readonly watermark: number | undefined;
  readonly inFlight: number;
}

/**
 * The partitions that are ours since the last join.
 *
 * Invariants
 * - A partition that stays keeps its tracker. One that goes is revoked at once. One that comes gets a new
 *   tracker.
 * - If a partition comes back soon after it went, its first batch is dropped and fetched again. kafkajs may
 *   join (a leader moved) while a fetch from another broker is still in flight. That fetch starts at our old
 *   position, not at the committed offset, and the watermark would pass the records between the two.
 */
export class Assignment {
  #owned = new Map<string, OwnedPartition>();
  #lost = new Map<string, { readonly atMs: number; readonly earliest: number | undefined }>();

  /** @param nowMs any clock, in milliseconds */
  joined(assigned: PartitionsByTopic, nowMs: number): AssignmentChange {
    const before = this.#owned;
    const retained = new Map<string, OwnedPartition>();
    this.#owned = new Map();
    for (const [topic, partitions] of Object.entries(assigned)) {
      for (const partition of partitions) {
        const key = keyOf(topic, partition);
        const kept = before.get(key);
        kept?.rejoined();
        if (kept !== undefined) retained.set(key, kept);
        this.#owned.set(key, kept ?? this.#gain({ topic, partition, nowMs }));
      }
    }
    const lost = [...before].filter(([key]) => !retained.has(key));
    for (const [key, partition] of lost) this.#lose(key, partition, nowMs);
    return { retained: retained.size, gained: this.#owned.size - retained.size, lost: lost.length };
  }

  find(topic: string, partition: number): OwnedPartition | undefined {
    return this.#owned.get(keyOf(topic, partition));
  }

  /** The partitions that are ours, by topic. */
  get partitions(): PartitionsByTopic {
    const byTopic = Object.groupBy(this.#owned.values(), ({ topic }) => topic);
    return Object.fromEntries(
      Object.entries(byTopic).map(([topic, owned = []]) => [topic, owned.map(({ partition }) => partition)]),
    );
  }

  /** The watermarks that have moved since they were last committed. */
  progress(): IntakeProgress[] {
    const moved: IntakeProgress[] = [];
    for (const partition of this.#owned.values()) {
      const progress = partition.progress;
      if (progress !== undefined) moved.push(progress);
    }
    return moved;
  }

  /** Records received and not done, of the partitions that are ours. */
  get inFlight(): number {
    let sum = 0;
    for (const partition of this.#owned.values()) sum += partition.inFlight;
    return sum;
  }

  /** How far each partition is done. */
  watermarks(): Watermark[] {
    return [...this.#owned.values()].map(({ topic, partition, watermark, inFlight }) => ({
      topic,
      partition,
      watermark,
      inFlight,
    }));
  }

  get size(): number {
    return this.#owned.size;
  }

  /** Revokes all partitions. */
  revokeAll(): void {
    for (const partition of this.#owned.values()) partition.revoke();
    this.#owned.clear();
  }

  #gain({ topic, partition, nowMs }: { topic: string; partition: number; nowMs: number }): OwnedPartition {
    const lost = this.#lost.get(keyOf(topic, partition));
    this.#lost.delete(keyOf(topic, partition));
    return new OwnedPartition(topic, partition, {
      distrustFirst: lost !== undefined && nowMs - lost.atMs < longestFetchMs,
      fetchAgainFrom: lost?.earliest,
    });
  }

  #lose(key: string, partition: OwnedPartition, nowMs: number): void {
    partition.revoke();
    this.#lost.set(key, { atMs: nowMs, earliest: partition.earliest });
  }
}

/** Twice kafkajs's request timeout. */
const longestFetchMs = 60_000;

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
