/** A batch of the path, for its trace. */
export interface TracedBatch {
  readonly topic: string;
  readonly channel: string;
  readonly provider: string;
  readonly records: number;
  /** The first few ids. Called only if the batch is traced. */
  readonly billIds: () => readonly string[];
}

export interface TracedStage {
  readonly stage: string;
  readonly bills: number;
  /** By `performance.now()`. */
  readonly startedMs: number;
  readonly isDone: boolean;
}

/** Traces a sample of the batches. Without a tracer nothing is traced, and no library is loaded. */
export interface BatchTracer {
  /** Does the work of a batch; the stages that it passes meanwhile become parts of its trace. */
  batch<T>(batch: TracedBatch, work: () => Promise<T>): Promise<T>;
  /** A stage has ended. */
  stage(stage: TracedStage): void;
  /** Sends what is not sent yet, for a few seconds at most. May be called twice. */
  stop(): Promise<void>;
}
