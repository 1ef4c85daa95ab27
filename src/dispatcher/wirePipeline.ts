import { type Channel, channelNames } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import { createEventConsumer, type EventConsumer } from '../consumer/intake/eventConsumer.ts';
import { createBatchRenewal } from '../consumer/pipeline/batchRenewal.ts';
import { createLane } from '../consumer/pipeline/lane.ts';
import { createPipeline, type Pipeline } from '../consumer/pipeline/pipeline.ts';
import { createSettler, type Settler } from '../consumer/pipeline/settler.ts';
import { readDatabaseTime } from '../db/databaseTime.ts';
import type { Logger } from '../log/log.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import { createAddressHasher } from '../policy/addressHasher.ts';
import { createDatabaseClock } from '../policy/databaseClock.ts';
import type { RenderPool } from '../pool/renderPool.ts';
import type { Provider } from '../providers/provider.ts';
import type { Brakes } from './brakes.ts';
import type { Connections } from './connections.ts';

export interface WirePipelineOptions {
  readonly config: Config;
  readonly connections: Connections;
  readonly providers: Readonly<Record<Channel, Provider>>;
  readonly renderPool: RenderPool;
  readonly brakes: Brakes['of'];
  readonly log: Logger;
  readonly throttledLog: ThrottledLog;
  readonly onFatal: (error: unknown) => void;
}

/** What a partition may bring in one fetch, as fetched; what arrives beyond `MAX_IN_FLIGHT` is at most one fetch. */
const maxBytesPerPartition = 128 * 1024;

/** The pipeline and its consumer, each telling the other: records one way, back-pressure the other. */
export function wirePipeline(options: WirePipelineOptions): { consumer: EventConsumer; pipeline: Pipeline } {
  const { config, connections, log, throttledLog, onFatal } = options;
  const { topics } = config.kafka;
  const settler = createSettler({
    database: connections.database,
    throttledLog,
    actor: `dispatcher ${connections.name}`,
    onDone: (claim) => pipeline.over(claim),
    onFatal,
  });
  const pipeline = createPathPipeline(options, settler, {
    pause: (channel) => consumer.pause(topics[channel]),
    resume: (channel) => consumer.resume(topics[channel]),
  });
  const consumer = createEventConsumer({
    kafka: connections.kafka,
    groupId: config.kafka.groupId,
    topics: channelNames.map((channel) => topics[channel]),
    sessionTimeoutMs: config.kafka.sessionTimeoutMs,
    maxBytesPerPartition,
    log,
    onRecords: (records) => pipeline.receive(records[0]?.topic === topics.SMS ? 'SMS' : 'EMAIL', records),
    onFatal,
  });
  return { consumer, pipeline };
}

function createPathPipeline(
  { config, connections, providers, renderPool, brakes, log, throttledLog, onFatal }: WirePipelineOptions,
  settler: Settler,
  backPressure: { pause(channel: Channel): void; resume(channel: Channel): void },
): Pipeline {
  return createPipeline({
    deps: {
      database: connections.database,
      renderPool,
      renewal: createBatchRenewal({
        database: connections.database,
        throttledLog,
        everyMs: config.sweep.batchMaxAgeMs / 4,
      }),
      settler,
      log,
      throttledLog,
      dispatcherId: connections.id,
      startDeadlineMs: config.startDeadlineMs,
      decisions: { retransmit: config.retransmit, cycleMaxAgeMs: config.cycleMaxAgeMs },
      addressHasher: createAddressHasher(config.cipher.keys),
      timeZone: config.timeZone,
      now: createDatabaseClock(() => readDatabaseTime(connections.control)),
    },
    lanes: {
      EMAIL: createLane({ brake: brakes.EMAIL, provider: providers.EMAIL }, config.maxInFlight),
      SMS: createLane({ brake: brakes.SMS, provider: providers.SMS }, config.maxInFlight),
    },
    batchSize: config.batchSize,
    backPressure,
    onFatal,
  });
}
