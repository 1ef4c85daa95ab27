import type { Claim } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import { Semaphore } from '../../lib/semaphore.ts';
import { SendTally } from '../../metrics/sendTally.ts';
import type { ChannelBrake } from '../../policy/brake/channelBrake.ts';
import { claimedFor } from '../../policy/brake/inHand.ts';
import type { Trial } from '../../policy/brake/trial.ts';
import { ByteRoom } from '../../policy/byteRoom.ts';
import type { Provider } from '../../providers/provider.ts';
import type { ReceivedRecord } from '../intake/receivedRecord.ts';
import type { OpenBatch } from './batchBook.ts';
import type { WaitingRecords } from './waitingRecords.ts';

/** Records that are to be claimed together. */
export interface RecordBatch {
  readonly records: readonly ReceivedRecord[];
  /** Set if the one record is a trial under a brake that is on. */
  readonly trial: Trial | undefined;
}

export interface LaneOptions {
  readonly brake: ChannelBrake;
  /** The provider's name in the settings. */
  readonly name: string;
  readonly provider: Provider;
  /** The records of the channel, shared with the lanes of its other providers. */
  readonly records: WaitingRecords;
  readonly sends?: SendTally;
}

/** Room for an ordinary e-mail. Those with thousands of items are sent a few at a time. */
const bytesPerMessage = 32 * 1024;
const leastMessageBytes = 64 * 1024 * 1024;
const mostMessageBytes = 192 * 1024 * 1024;

/**
 * The way of one channel and one provider through the pipeline. All lanes share the stages, but a provider in
 * trouble holds up its own lane only.
 *
 * A record that is taken for a batch leaves in one of three ways: `skip` (nothing to do for it), `postpone`
 * (it waits again later), or `claim`, and then by its bill's `close`. Invariant: `claimed.taken` is the
 * number of records that were taken for a batch and have not left.
 */
export class Lane {
  readonly channel: Channel;
  /** The provider's name in the settings. */
  readonly name: string;
  readonly provider: Provider;
  /** Says how many bills may be claimed, and which sends may begin. */
  readonly brake: ChannelBrake;
  /** Bills between claim and settle. */
  readonly claimed: Semaphore;
  /** Bytes of the messages at the provider; undefined if it keeps none of them. */
  readonly messageRoom: ByteRoom | undefined;
  /** What its sends came to. */
  readonly sends: SendTally;
  /** The lanes of its channel, itself among them. */
  siblings: readonly Lane[] = [this];
  readonly #records: WaitingRecords;
  #batches = 0;

  constructor({ brake, name, provider, records, sends = new SendTally() }: LaneOptions) {
    this.channel = brake.channel;
    this.name = name;
    this.provider = provider;
    this.brake = brake;
    this.sends = sends;
    this.#records = records;
    brake.onOpened(() => records.changed());
    this.claimed = new Semaphore(records.room);
    this.messageRoom = Number.isFinite(provider.concurrency)
      ? new ByteRoom(messageBytes(provider.concurrency))
      : undefined;
  }

  /** Nothing is claimed, and no batch is being worked on. */
  get isIdle(): boolean {
    return this.#batches === 0 && this.claimed.taken === 0;
  }

  /** It waits for something other than its own bills. */
  get isHeldBack(): boolean {
    return this.brake.isHeldBack(this.claimed.taken);
  }

  /** No more is claimed than the provider can take soon. */
  get mostClaimed(): number {
    return Math.min(this.#records.room, claimedFor(this.provider.concurrency, this.brake.gate.line?.meanMs));
  }

  /**
   * The next batch, as large as the queue, the room and the brake allow. Call `batchEnded` when it has passed
   * all stages.
   */
  nextBatch(batchSize: number): RecordBatch | undefined {
    const room = Math.min(this.mostClaimed - this.claimed.taken, this.#records.free);
    const wanted = Math.max(0, Math.min(this.#records.size, batchSize, room));
    const isWorthAnother = this.#batches === 0 || wanted === batchSize;
    if (wanted === 0 || !isWorthAnother || this.#batches >= batchesAtOnce) return undefined;
    const { count, trial } = this.brake.admit(wanted, this.claimed.taken);
    if (count === 0) return undefined;
    this.claimed.tryTake(count);
    this.#batches++;
    return { records: this.#records.take(count), trial };
  }

  batchEnded(): void {
    this.#batches--;
    this.#records.changed();
  }

  /** There is nothing more to do for this record: its offset may pass. */
  skip(record: ReceivedRecord): void {
    record.done();
    this.#records.forgetBytes(record);
    this.release(1);
  }

  /** Their claims are tried again later. */
  postpone(records: readonly ReceivedRecord[]): void {
    if (records.length === 0) return;
    this.claimed.release(records.length);
    this.#records.postpone(records);
  }

  /** The record's bill is ours, until it is closed. */
  claim(record: ReceivedRecord, claim: Claim, batch: OpenBatch): ClaimedBill {
    record.forgetBytes();
    this.#records.forgetBytes(record);
    return new ClaimedBill(this, batch, record, claim);
  }

  release(count: number): void {
    this.claimed.release(count);
    this.#records.leave(count);
  }
}

function messageBytes(atOnce: number): number {
  return Math.min(mostMessageBytes, Math.max(leastMessageBytes, atOnce * bytesPerMessage));
}

/** A second batch at a time must be a full one: only then does another statement pay. */
const batchesAtOnce = 4;

/** A bill that this process has claimed. It ends by `close`, whatever became of it. */
export class ClaimedBill {
  readonly record: ReceivedRecord;
  readonly claim: Claim;
  #lane: Lane;
  readonly #batch: OpenBatch;
  #isClosed = false;

  constructor(lane: Lane, batch: OpenBatch, record: ReceivedRecord, claim: Claim) {
    this.#lane = lane;
    this.#batch = batch;
    this.record = record;
    this.claim = claim;
  }

  /**
   * Closes the bill, once: its offset may pass, its room is free, and its batch has one open bill less.
   * @throws RangeError if it is closed already
   */
  close(): void {
    if (this.#isClosed) throw new RangeError(`bill ${this.claim.billId} is closed already`);
    this.#isClosed = true;
    this.record.done();
    this.#batch.billClosed();
    this.#lane.release(1);
  }

  /** Another provider of the channel has to send it. */
  moveTo(lane: Lane): void {
    this.#lane.claimed.release(1);
    this.#lane = lane;
    lane.claimed.takeAnyway(1);
  }

  /** Closes it although its row keeps our token: its batch stays, so that the sweeper finds it. */
  closeUnsettled(): void {
    this.#batch.keep();
    this.close();
  }
}
