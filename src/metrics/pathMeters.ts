import type { SettlingTransition } from '../bill.ts';
import type { BatchTracer } from './batchTracer.ts';
import { StageMeters } from './stageMeters.ts';

/** What the path of the bills counts per batch. Single sends are counted per lane. */
export interface PathMeters {
  readonly stages: StageMeters;
  readonly settled: SettledMeter;
  /** Undefined: nothing is traced. */
  readonly tracer: BatchTracer | undefined;
}

export function createPathMeters(tracer?: BatchTracer): PathMeters {
  return { stages: new StageMeters(tracer), settled: new SettledMeter(), tracer };
}

/** Bills by the transition that settled them. */
class SettledMeter {
  readonly #bills: Partial<Record<SettlingTransition, number>> = {};

  add(transition: SettlingTransition, bills: number): void {
    this.#bills[transition] = this.of(transition) + bills;
  }

  of(transition: SettlingTransition): number {
    return this.#bills[transition] ?? 0;
  }
}
