import type { BatchTracer } from './batchTracer.ts';
import { BucketTally } from './bucketTally.ts';

/** The stages whose time is measured. `settle` writes many answers at a time. */
export const stageNames = ['claim', 'load', 'render', 'hand_off', 'settle'] as const;

export type StageName = (typeof stageNames)[number];

const secondBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
const billBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const;

/** Times the statements and calls of the stages: a few per batch, none per bill. */
export class StageMeters {
  readonly #tracer: BatchTracer | undefined;
  readonly #meters = new Map(stageNames.map((name) => [name, new StageMeter()]));

  constructor(tracer: BatchTracer | undefined) {
    this.#tracer = tracer;
  }

  async time<T>(stage: StageName, bills: number, work: () => Promise<T>): Promise<T> {
    const meter = this.of(stage);
    const startedMs = performance.now();
    meter.bills += bills;
    let isDone = false;
    try {
      const result = await work();
      isDone = true;
      return result;
    } finally {
      meter.bills -= bills;
      meter.durations.record((performance.now() - startedMs) / 1_000);
      meter.batches.record(bills);
      this.#tracer?.stage({ stage, bills, startedMs, isDone });
    }
  }

  of(stage: StageName): StageMeter {
    const meter = this.#meters.get(stage);
    if (meter === undefined) throw new RangeError(`no stage ${stage}`);
    return meter;
  }
}

class StageMeter {
  readonly durations = new BucketTally(secondBounds);
  /** The sizes of its batches, in bills. */
  readonly batches = new BucketTally(billBounds);
  /** Bills that are in this stage now. */
  bills = 0;
}
