import type { ReceivedRecord } from '../intake/receivedRecord.ts';
import { RecordQueue } from './recordQueue.ts';

/** An event has less than 100 bytes. Records of any size pass, a few at a time. */
const bytesPerRecord = 1_024;
const leastRoomBytes = 16 * 1024 * 1024;

/** How long until a record whose claim the database stopped is tried again. */
const againAfterMs = 2_000;

/**
 * The records of one channel, for all of its lanes: those that wait, and how much room all of them take.
 *
 * Invariant: `inFlight` is the number of records that were added and have not left.
 */
export class WaitingRecords {
  /** The most bills between decode and settle. If there are more, fetching pauses. */
  readonly room: number;
  /** The most bytes of records that are not claimed yet. If there are more, fetching pauses. */
  readonly roomBytes: number;
  readonly #queue = new RecordQueue();
  #postponed = 0;
  #taken = 0;
  #bytes = 0;
  #isStopped = false;
  #onChange: () => void = () => undefined;

  /**
   * The channel gets seven eighths of the process's room: one eighth is always left to the others.
   * @param maxInFlight bills of the whole process between decode and settle
   */
  constructor(maxInFlight: number) {
    this.room = Math.floor((maxInFlight * 7) / 8);
    this.roomBytes = Math.max(leastRoomBytes, this.room * bytesPerRecord);
  }

  /** @param listener called when a batch may start that could not before, or the channel is less full */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** A batch may start that could not before. */
  changed(): void {
    this.#onChange();
  }

  get size(): number {
    return this.#queue.size;
  }

  get inFlight(): number {
    return this.#queue.size + this.#postponed + this.#taken;
  }

  /** How many more records may be taken. */
  get free(): number {
    return this.room - this.#taken;
  }

  /** How full it is, by records or by bytes: from 1 on, fetching pauses. */
  get fullness(): number {
    return Math.max(this.inFlight / this.room, this.#bytes / this.roomBytes);
  }

  add(records: readonly ReceivedRecord[]): void {
    if (this.#isStopped) return;
    this.#queue.add(records);
    for (const { size } of records) this.#bytes += size;
    this.#onChange();
  }

  take(count: number): ReceivedRecord[] {
    this.#taken += count;
    return this.#queue.take(count);
  }

  /** Taken records have left. */
  leave(count: number): void {
    this.#taken -= count;
    this.#onChange();
  }

  /** Its bytes are not needed any more. */
  forgetBytes({ size }: ReceivedRecord): void {
    this.#bytes -= size;
    this.#onChange();
  }

  /** They are queued again later. A stop does not wait for them, since their offsets have not passed. */
  postpone(records: readonly ReceivedRecord[]): void {
    this.#postponed += records.length;
    this.leave(records.length);
    setTimeout(() => {
      this.#postponed -= records.length;
      if (!this.#isStopped) this.#queue.add(records);
      this.#onChange();
    }, againAfterMs).unref();
  }

  /** Takes nothing more, and drops what waits: another dispatcher gets it. */
  stop(): void {
    this.#isStopped = true;
    this.#queue.clear();
  }
}
