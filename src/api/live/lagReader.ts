import type { PartitionLag } from '../../kafka/groupOffsets.ts';
import { missingText } from '../../kafka/groupOffsets.ts';
import { within } from '../../lib/timeLimit.ts';
import { readConsumerLag } from '../../operations/consumerLag.ts';
import type { OperationDeps } from '../../operations/operationDeps.ts';

/** How far the consumers are behind, as far as Kafka has said. */
export interface LagState {
  /** Null until Kafka has answered. */
  readonly events: number | null;
  readonly partitions: readonly PartitionLag[];
  /** Null until Kafka has answered. */
  readonly asOf: Date | null;
  /** Why it is not known, or old, or what is missing. */
  readonly problem: string | null;
}

/** The lag, read once for all who ask. */
export interface LagReader {
  /**
   * What is known now. Reads again behind the caller's back once that is a few seconds old: Kafka may take
   * long.
   */
  current(): LagState;
  /** The same, but waits for Kafka if nothing is known yet, for at most this long. */
  known(limitMs: number): Promise<LagState>;
}

const freshMs = 3_000;

export function createLagReader(deps: Pick<OperationDeps, 'config' | 'kafka'>): LagReader {
  let state: LagState = {
    events: null,
    partitions: [],
    asOf: null,
    problem: 'Kafka has not been asked yet.',
  };
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    const asOf = new Date();
    try {
      const { events, partitions, missingTopics } = await readConsumerLag(deps);
      const problem = missingTopics.length === 0 ? null : missingText(missingTopics);
      state = { events, partitions, asOf, problem };
    } catch (error) {
      state = { ...state, problem: error instanceof Error ? error.message : String(error) };
    } finally {
      readAtMs = performance.now();
      reading = undefined;
    }
  };
  const refresh = (): void => {
    if (performance.now() - readAtMs > freshMs) reading ??= read();
  };
  return {
    current() {
      refresh();
      return state;
    },
    async known(limitMs) {
      refresh();
      if (state.asOf === null && reading !== undefined) await within(limitMs, reading);
      return state;
    },
  };
}
