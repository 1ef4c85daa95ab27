import type { Channel } from '../../channels.ts';
import type { ReceivedRecord } from '../intake/receivedRecord.ts';
import type { Lane, RecordBatch } from './lane.ts';
import { Turns } from './turns.ts';
import type { WaitingRecords } from './waitingRecords.ts';

export interface WeightedLane {
  readonly lane: Lane;
  /** Its share of the channel's bills, relative to the weights of the others. */
  readonly weight: number;
}

/** A batch, and the lane that took it. */
export interface LaneBatch {
  readonly lane: Lane;
  readonly batch: RecordBatch;
}

/**
 * One channel: its records, and its lanes, one per provider. A bill's lane is chosen before its claim, since
 * its message is encoded for one provider.
 */
export class ChannelLanes {
  readonly channel: Channel;
  readonly lanes: readonly Lane[];
  readonly records: WaitingRecords;
  readonly #turns: Turns;
  readonly #shares: readonly number[];

  constructor(channel: Channel, records: WaitingRecords, lanes: readonly WeightedLane[]) {
    const whole = lanes.reduce((sum, { weight }) => sum + weight, 0);
    this.channel = channel;
    this.lanes = lanes.map(({ lane }) => lane);
    for (const lane of this.lanes) lane.siblings = this.lanes;
    this.records = records;
    this.#turns = new Turns(lanes.map(({ weight }) => weight));
    this.#shares = lanes.map(({ weight }) => weight / whole);
  }

  /** @param listener called when a batch may start that could not before, or the channel is less full */
  onChange(listener: () => void): void {
    this.records.onChange(listener);
  }

  get hasWaiting(): boolean {
    return this.records.size > 0;
  }

  /** Records received that have not left. `MAX_IN_FLIGHT` bounds them. */
  get inFlight(): number {
    return this.records.inFlight;
  }

  get fullness(): number {
    return this.records.fullness;
  }

  get isIdle(): boolean {
    return this.lanes.every((lane) => lane.isIdle);
  }

  receive(records: readonly ReceivedRecord[]): void {
    this.records.add(records);
  }

  /**
   * The next batch of the provider whose turn it is. If that provider is only busy with its own bills, the
   * others wait with it, so that the weights hold. If a brake or a pace holds it back, the next one is asked.
   */
  nextBatch(batchSize: number): LaneBatch | undefined {
    for (const index of this.#order()) {
      const lane = this.lanes[index];
      if (lane === undefined) continue;
      const batch = lane.nextBatch(Math.ceil(batchSize * (this.#shares[index] ?? 1)));
      if (batch !== undefined) {
        this.#turns.served(index, batch.records.length);
        return { lane, batch };
      }
      if (!lane.isHeldBack) return undefined;
    }
    return undefined;
  }

  stop(): void {
    this.records.stop();
  }

  /** A provider that needs a trial takes its one bill first. */
  #order(): readonly number[] {
    if (this.lanes.length === 1) return onlyOne;
    const tried = this.lanes.findIndex(({ brake }) => brake.offersTrial);
    return tried === -1 ? this.#turns.order : [tried, ...this.#turns.order];
  }
}

const onlyOne = [0];
