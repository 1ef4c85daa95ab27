import type { SettlingTransition } from '../bill.ts';
import { type PerChannel, perChannel } from '../channels.ts';
import { SendTally } from './sendTally.ts';
import { StageMeters } from './stageMeters.ts';

/** What the path of the bills counts: single sends by fixed places, everything else per batch. */
export interface PathMeters {
  readonly stages: StageMeters;
  readonly sends: PerChannel<SendTally>;
  readonly settled: SettledMeter;
}

export function createPathMeters(): PathMeters {
  return { stages: new StageMeters(), sends: perChannel(() => new SendTally()), settled: new SettledMeter() };
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
