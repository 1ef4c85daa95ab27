import type { ReceiptMeter } from '../metrics/receiptMeter.ts';
import type { OperationDeps } from '../operations/operationDeps.ts';
import type { Recorder } from './access.ts';
import type { BuildInfo } from './contract/serviceContract.ts';
import type { LagReader } from './live/lagReader.ts';
import type { LiveNumbers } from './live/liveNumbers.ts';

/** What the server needs. */
export interface ServerDeps extends OperationDeps {
  readonly build: BuildInfo;
  /** Whether the process is about to end: then it reports that it is not ready. */
  readonly isStopping: () => boolean;
}

/** What the routes need. */
export interface ApiDeps extends ServerDeps {
  readonly recorder: Recorder;
  readonly lag: LagReader;
  readonly live: LiveNumbers;
  readonly receiptMeter: ReceiptMeter;
}
