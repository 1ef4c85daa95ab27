import { kafkaSilenceMs, silentText } from '../../kafka/answeredInTime.ts';
import type { PartitionLag } from '../../kafka/groupOffsets.ts';
import { missingText } from '../../kafka/groupOffsets.ts';
import { within } from '../../lib/timeLimit.ts';
import { readConsumerLag } from '../../operations/consumerLag.ts';
import type { OperationDeps } from '../../operations/operationDeps.ts';

/** How far the consumers are behind, by Kafka's last answer. */
export interface LagState {
  /** Null until Kafka has answered. */
  readonly events: number | null;
  readonly partitions: readonly PartitionLag[];
  /** Null until Kafka has answered. */
  readonly asOf: Date | null;
  /** Why it is unknown or old, or which topics are missing; null if nothing is wrong. */
  readonly problem: string | null;
}

/** The lag, read once for all who need it. */
export interface LagReader {
  /**
   * The last known lag. If it is a few seconds old, it is read again in the background, since Kafka may take
   * long.
   */
  current(): LagState;
  /** The same, but if nothing is known yet, waits for Kafka for at most this long. */
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
    const silence = setTimeout(() => {
      state = { ...state, problem: silentText(kafkaSilenceMs) };
    }, kafkaSilenceMs).unref();
    try {
      const { events, partitions, missingTopics } = await readConsumerLag(deps);
      const problem = missingTopics.length === 0 ? null : missingText(missingTopics);
      state = { events, partitions, asOf, problem };
    } catch (error) {
      state = { ...state, problem: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(silence);
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
