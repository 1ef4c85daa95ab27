import type { Config } from '../config/loadConfig.ts';
import type { EventConsumer } from '../consumer/intake/eventConsumer.ts';
import type { Pipeline } from '../consumer/pipeline/pipeline.ts';
import type { LeasedLoop } from '../db/leasedLoop.ts';
import type { Endpoints } from '../embedded/resolveEndpoints.ts';
import type { Logger } from '../log/log.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import type { BatchTracer } from '../metrics/batchTracer.ts';
import type { MetricsServer } from '../metrics/metricsServer.ts';
import type { RenderPool } from '../pool/renderPool.ts';
import type { Providers } from '../providers/providerKind.ts';
import type { Relay } from '../relay/relay.ts';
import type { TemplateSet } from '../render/template/templateFiles.ts';
import type { CountKeeper } from '../sweeper/countKeeper.ts';
import type { Sweeper } from '../sweeper/sweeper.ts';
import type { BrakeExchange } from './brakeExchange.ts';
import type { Connections } from './connections.ts';
import type { EditionKeeper } from './editionKeeper.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Keepers } from './keepers.ts';
import type { KeyRotation } from './keyReader.ts';
import type { SuppressionReader } from './suppressionReader.ts';

/** Everything that one dispatcher consists of. */
export interface DispatcherParts extends Keepers {
  readonly log: Logger;
  readonly throttledLog: ThrottledLog;
  readonly connections: Connections;
  readonly metrics: MetricsServer;
  readonly heartbeat: Heartbeat;
  readonly renderPool: RenderPool;
  readonly keyRotation: KeyRotation | undefined;
  readonly editionKeeper: EditionKeeper;
  readonly templates: TemplateSet;
  readonly providers: Providers;
  readonly brakeExchange: BrakeExchange;
  readonly pipeline: Pipeline;
  readonly consumer: EventConsumer;
  readonly relay: Relay;
  readonly outcomeWriter: LeasedLoop;
  readonly webhookSender: LeasedLoop;
  readonly sweeper: Sweeper;
  readonly countKeeper: CountKeeper;
  readonly runKeeper: LeasedLoop;
  readonly manifestKeeper: LeasedLoop;
  readonly suppressionReader: SuppressionReader;
  /** Undefined if nothing is traced. */
  readonly tracer: BatchTracer | undefined;
  readonly onWaiting: (() => void) | undefined;
}

export interface DispatcherOptions {
  readonly config: Config;
  readonly servers: Pick<Endpoints, 'kafkaBrokers' | 'databaseUrl'>;
  readonly log: Logger;
  /** A fault that this process cannot fix: it should end and be started again. */
  readonly onFatal: (error: unknown) => void;
  /** Called while the start waits for a server, again and again. */
  readonly onWaiting?: () => void;
}
