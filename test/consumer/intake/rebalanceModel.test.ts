import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Assignment } from '../../../src/consumer/intake/assignment.ts';
import { OffsetCommitter } from '../../../src/consumer/intake/offsetCommitter.ts';
import type { ReceivedRecord } from '../../../src/consumer/intake/receivedRecord.ts';
import { batchOf } from './fetchedBatch.ts';
import { quiet } from './kafkaFixture.ts';

const partitionCount = 3;
const memberCount = 2;

describe('a group of members, in every order of joins, fetches, completions and commits', () => {
  it('commits no offset above a record that is not done, and delivers every record', async () => {
    await fc.assert(
      fc.asyncProperty(
        logs,
        fc.array(step, { minLength: 40, maxLength: 120, size: 'max' }),
        async (log, steps) => {
          const group = new Group(log);
          for (const each of steps) {
            await group.take(each);
            group.assertSound();
          }
          await group.finish();
          group.assertFinished();
        },
      ),
      { numRuns: 4_000 },
    );
  });
});

type Step =
  | { readonly does: 'join'; readonly owners: readonly number[] }
  | { readonly does: 'fetch'; readonly partition: number; readonly count: number; readonly isLate: boolean }
  | { readonly does: 'complete'; readonly pick: number }
  | { readonly does: 'commit'; readonly member: number; readonly ends: 'taken' | 'refused' | 'answer lost' }
  | { readonly does: 'expel'; readonly member: number };

const member = fc.nat({ max: memberCount - 1 });
/** One more than there are members means that nobody has the partition for now. */
const owner = fc.nat({ max: memberCount });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('join' as const),
      owners: fc.array(owner, { minLength: partitionCount, maxLength: partitionCount }),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      does: fc.constant('fetch' as const),
      partition: fc.nat({ max: partitionCount - 1 }),
      count: fc.nat({ max: 6 }),
      isLate: fc.boolean(),
    }),
  },
  { weight: 30, arbitrary: fc.record({ does: fc.constant('complete' as const), pick: fc.nat() }) },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('commit' as const),
      member,
      ends: fc.constantFrom('taken', 'refused', 'answer lost'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('expel' as const), member }) },
);

/** Offsets of each partition, with gaps as compaction and control records leave them. */
const logs = fc.array(
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 5, maxLength: 40, size: 'max' }).map((distances) => {
    let offset = -1;
    return distances.map((distance) => (offset += distance));
  }),
  { minLength: partitionCount, maxLength: partitionCount },
);

interface Member {
  readonly assignment: Assignment;
  readonly committer: OffsetCommitter;
  /** Where it fetches next, by partition. */
  readonly positions: Map<number, number>;
  /** The position before the last join: a fetch from there may still be in flight. */
  latePositions: ReadonlyMap<number, number>;
}

/** Members run the code under test. Broker, fetches and the list of what was ever done are plain lists. */
class Group {
  readonly #log: readonly (readonly number[])[];
  readonly #committed = new Array<number>(partitionCount).fill(0);
  readonly #done = Array.from({ length: partitionCount }, () => new Set<number>());
  readonly #received: { record: ReceivedRecord; isDone: boolean; by: Member }[] = [];
  readonly #members: Member[];
  #owners: readonly number[] = new Array<number>(partitionCount).fill(memberCount);
  #commitEnds: 'taken' | 'refused' | 'answer lost' = 'taken';

  constructor(log: readonly (readonly number[])[]) {
    this.#log = log;
    this.#members = Array.from({ length: memberCount }, () => this.#newMember());
  }

  async take(each: Step): Promise<void> {
    switch (each.does) {
      case 'join':
        return this.#join(each.owners);
      case 'fetch':
        return this.#fetch(each);
      case 'complete':
        return this.#complete(this.#received[each.pick % Math.max(1, this.#received.length)]);
      case 'commit':
        this.#commitEnds = each.ends;
        await this.#members[each.member]?.committer.tick();
        return;
      case 'expel':
        return this.#join(this.#owners.map((now) => (now === each.member ? memberCount : now)));
      default:
        return each satisfies never;
    }
  }

  /**
   * One member gets all that is left, does it and commits it. Twice, because a fetch from before two joins
   * can bring records from below what was committed since, which looks like a log that went back. The group's
   * offset then follows it back. If no record comes any more, it stays there until the next join.
   */
  async finish(): Promise<void> {
    this.#commitEnds = 'taken';
    for (let joins = 0; joins < 2; joins++) {
      this.#join(new Array<number>(partitionCount).fill(0));
      for (let partition = 0; partition < partitionCount; partition++) {
        for (let round = 0; round < 20; round++) this.#fetch({ partition, count: 6, isLate: false });
      }
      for (const each of this.#received) this.#complete(each);
      await this.#members[0]?.committer.flush();
    }
  }

  assertSound(): void {
    for (const [partition, committed] of this.#committed.entries()) {
      for (const offset of this.#log[partition] ?? []) {
        if (offset < committed) {
          assert.ok(this.#done[partition]?.has(offset), `${committed} is committed, ${offset} is not done`);
        }
      }
    }
    for (const each of this.#members) {
      const open = this.#received.filter(
        ({ record, isDone, by }) => by === each && !isDone && record.isCurrent(),
      );
      assert.equal(each.assignment.inFlight, open.length);
    }
  }

  assertFinished(): void {
    this.assertSound();
    for (const [partition, offsets] of this.#log.entries()) {
      const last = offsets.at(-1);
      assert.ok((this.#committed[partition] ?? 0) >= (last === undefined ? 0 : last + 1), 'all is committed');
    }
    assert.equal(this.#members[0]?.assignment.inFlight, 0);
  }

  #newMember(): Member {
    const assignment = new Assignment();
    const committer = new OffsetCommitter(assignment, quiet);
    committer.attach(async ({ topics }) => {
      if (this.#commitEnds === 'refused') throw new Error('refused');
      for (const { partitions } of topics) {
        for (const { partition, offset } of partitions) this.#committed[partition] = Number(offset);
      }
      if (this.#commitEnds === 'answer lost') throw new Error('connection lost');
    });
    committer.thaw();
    return { assignment, committer, positions: new Map(), latePositions: new Map() };
  }

  /** Each member fetches from the committed offset again, retained partitions too. */
  #join(owners: readonly number[]): void {
    this.#owners = owners;
    for (const [index, each] of this.#members.entries()) {
      const mine = [...owners.keys()].filter((partition) => owners[partition] === index);
      each.latePositions = new Map([...each.latePositions, ...each.positions]);
      each.positions.clear();
      for (const partition of mine) each.positions.set(partition, this.#committed[partition] ?? 0);
      each.assignment.joined({ mail: mine }, 0);
    }
  }

  #fetch({ partition, count, isLate }: { partition: number; count: number; isLate: boolean }): void {
    const by = this.#members[this.#owners[partition] ?? memberCount];
    const owned = by?.assignment.find('mail', partition);
    if (by === undefined || owned === undefined) return;
    const late = isLate ? by.latePositions.get(partition) : undefined;
    by.latePositions = new Map([...by.latePositions].filter(([each]) => each !== partition));
    const position = late ?? by.positions.get(partition) ?? 0;
    const ahead = (this.#log[partition] ?? []).filter((offset) => offset >= position);
    const [offsets, next] = [ahead.slice(0, count), ahead[count]];
    const lastSeen = next === undefined ? (offsets.at(-1) ?? position - 1) : next - 1;
    if (lastSeen < position) return;
    if (offsets.length === 0) {
      by.positions.set(partition, owned.skipped(lastSeen) ?? lastSeen + 1);
      return;
    }
    const intake = owned.take(batchOf(offsets, lastSeen));
    if (intake.kind === 'refetch') return;
    by.positions.set(partition, lastSeen + 1);
    for (const record of intake.records) this.#received.push({ record, isDone: false, by });
  }

  #complete(each: { record: ReceivedRecord; isDone: boolean } | undefined): void {
    if (each === undefined) return;
    each.isDone = true;
    this.#done[each.record.partition]?.add(Number(each.record.offset));
    each.record.done();
  }
}
