import type { Claim } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import { Semaphore } from '../../lib/semaphore.ts';
import type { ChannelBrake } from '../../policy/brake/channelBrake.ts';
import type { Trial } from '../../policy/brake/trial.ts';
import { ByteRoom } from '../../policy/byteRoom.ts';
import type { Provider } from '../../providers/provider.ts';
import type { ReceivedRecord } from '../intake/receivedRecord.ts';
import type { OpenBatch } from './batchBook.ts';
import { RecordQueue } from './recordQueue.ts';

/** Records that are to be claimed together. */
export interface RecordBatch {
  readonly records: readonly ReceivedRecord[];
  /** Set if the one record is a trial under a brake that is on. */
  readonly trial: Trial | undefined;
}

export interface LaneOptions {
  readonly brake: ChannelBrake;
  readonly provider: Provider;
  /** Bills of the whole process between decode and settle. */
  readonly maxInFlight: number;
}

/** An event takes less than 100 bytes. Records of any size pass, a few at a time. */
const bytesPerRecord = 1_024;
const leastRoomBytes = 16 * 1024 * 1024;

/** An ordinary e-mail fits. Those of thousands of items are sent a few at a time. */
const bytesPerMessage = 32 * 1024;
const leastMessageBytes = 64 * 1024 * 1024;
const mostMessageBytes = 192 * 1024 * 1024;

/** When a record comes again whose claim the database stopped. */
const againAfterMs = 2_000;

/**
 * One channel's way through the pipeline. All channels share the stages, but each waits in its own queue: a
 * provider in trouble holds up its own channel only.
 *
 * A record enters by `receive` and leaves in one of three ways: `skip` (nothing to do for it), `postpone` (it
 * enters the queue again later), or `claim`, and then by its bill's `close`. Invariant: `claimed.taken` is
 * the number of records that were taken for a batch and have not left.
 */
export class Lane {
  readonly channel: Channel;
  readonly provider: Provider;
  /** Says how many bills may be claimed, and which sends may begin. */
  readonly brake: ChannelBrake;
  /** Bills between decode and settle above which no more are fetched. */
  readonly room: number;
  /** Bytes of records that are not claimed yet above which no more are fetched. */
  readonly roomBytes: number;
  /** Bills between claim and settle. */
  readonly claimed: Semaphore;
  /** Bytes of the messages at the provider; undefined if it keeps none of them. */
  readonly messageRoom: ByteRoom | undefined;
  readonly #queue = new RecordQueue();
  #postponed = 0;
  #unclaimedBytes = 0;
  #batches = 0;
  #isStopped = false;
  #onChange: () => void = () => undefined;

  /**
   * No more is claimed than the provider takes in two turns: one that it is sending, one in preparation. An
   * eighth of the process's room is left to the other channels, whatever happens to this one.
   */
  constructor({ brake, provider, maxInFlight }: LaneOptions) {
    this.channel = brake.channel;
    this.provider = provider;
    this.brake = brake;
    this.room = Math.floor((maxInFlight * 7) / 8);
    this.roomBytes = Math.max(leastRoomBytes, this.room * bytesPerRecord);
    this.claimed = new Semaphore(Math.min(this.room, provider.concurrency * 2));
    this.messageRoom = Number.isFinite(provider.concurrency)
      ? new ByteRoom(messageBytes(provider.concurrency))
      : undefined;
  }

  /** @param listener called when a batch may start that could not before, or the lane is less full */
  onChange(listener: () => void): void {
    this.#onChange = listener;
    this.brake.onOpened(listener);
  }

  get hasWaiting(): boolean {
    return this.#queue.size > 0;
  }

  /** Records received that have not left. `MAX_IN_FLIGHT` bounds them. */
  get inFlight(): number {
    return this.#queue.size + this.#postponed + this.claimed.taken;
  }

  /** How full it is, by records or by bytes: from 1 on nothing more is to be fetched. */
  get fullness(): number {
    return Math.max(this.inFlight / this.room, this.#unclaimedBytes / this.roomBytes);
  }

  /** Nothing is claimed, and no batch is being worked on. */
  get isIdle(): boolean {
    return this.#batches === 0 && this.claimed.taken === 0;
  }

  receive(records: readonly ReceivedRecord[]): void {
    if (this.#isStopped) return;
    this.#queue.add(records);
    for (const { size } of records) this.#unclaimedBytes += size;
    this.#onChange();
  }

  /**
   * The next batch, as large as the queue, the room and the brake allow. Call `batchEnded` when it has passed
   * all stages.
   */
  nextBatch(batchSize: number): RecordBatch | undefined {
    const wanted = Math.min(this.#queue.size, batchSize, this.claimed.free);
    const isWorthAnother = this.#batches === 0 || wanted === batchSize;
    if (wanted === 0 || !isWorthAnother || this.#batches >= batchesAtOnce) return undefined;
    const { count, trial } = this.brake.admit(wanted, this.claimed.taken);
    if (count === 0) return undefined;
    this.claimed.tryTake(count);
    this.#batches++;
    return { records: this.#queue.take(count), trial };
  }

  batchEnded(): void {
    this.#batches--;
    this.#onChange();
  }

  /** There is nothing more to do for this record: its offset may pass. */
  skip(record: ReceivedRecord): void {
    record.done();
    this.#unclaimedBytes -= record.size;
    this.release(1);
  }

  /** They enter the queue again later. A stop does not wait for them, since their offsets have not passed. */
  postpone(records: readonly ReceivedRecord[]): void {
    if (records.length === 0) return;
    this.#postponed += records.length;
    this.release(records.length);
    setTimeout(() => {
      this.#postponed -= records.length;
      if (!this.#isStopped) this.#queue.add(records);
      this.#onChange();
    }, againAfterMs).unref();
  }

  /** The record's bill is ours, until it is closed. */
  claim(record: ReceivedRecord, claim: Claim, batch: OpenBatch): ClaimedBill {
    record.forgetBytes();
    this.#unclaimedBytes -= record.size;
    this.#onChange();
    return new ClaimedBill(this, batch, record, claim);
  }

  release(count: number): void {
    this.claimed.release(count);
    this.#onChange();
  }

  /** Takes nothing more, and drops what waits: it comes to another dispatcher. */
  stop(): void {
    this.#isStopped = true;
    this.#queue.clear();
  }
}

function messageBytes(atOnce: number): number {
  return Math.min(mostMessageBytes, Math.max(leastMessageBytes, atOnce * bytesPerMessage));
}

/** A batch beside others must be a full one: then more than one statement at a time pays. */
const batchesAtOnce = 4;

/** A bill that this process has claimed. It ends by `close`, whatever became of it. */
export class ClaimedBill {
  readonly record: ReceivedRecord;
  readonly claim: Claim;
  readonly #lane: Lane;
  readonly #batch: OpenBatch;
  #isClosed = false;

  constructor(lane: Lane, batch: OpenBatch, record: ReceivedRecord, claim: Claim) {
    this.#lane = lane;
    this.#batch = batch;
    this.record = record;
    this.claim = claim;
  }

  /**
   * Once: its offset may pass, its room is free, and its batch has one open bill less.
   * @throws RangeError if it is closed already
   */
  close(): void {
    if (this.#isClosed) throw new RangeError(`bill ${this.claim.billId} is closed already`);
    this.#isClosed = true;
    this.record.done();
    this.#batch.billClosed();
    this.#lane.release(1);
  }

  /** Closes it although its row keeps our token: its batch stays, so that the sweeper finds it. */
  closeUnsettled(): void {
    this.#batch.keep();
    this.close();
  }
}
