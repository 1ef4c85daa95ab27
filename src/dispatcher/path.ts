import type { Channel } from '../bill.ts';
import type { Config } from '../config.ts';
import { createBatchRenewal } from '../consumer/batchRenewal.ts';
import { createEventConsumer, type EventConsumer } from '../consumer/eventConsumer.ts';
import { createLane } from '../consumer/lane.ts';
import { createPipeline, type Pipeline } from '../consumer/pipeline.ts';
import { createSettler, type Settler } from '../consumer/stages/settle.ts';
import { readDatabaseTime } from '../db/databaseTime.ts';
import type { Logger } from '../log.ts';
import type { RenderPool } from '../pool/renderPool.ts';
import { createAddressHasher } from '../send/addressHasher.ts';
import { createDatabaseClock } from '../send/databaseClock.ts';
import type { Provider } from '../send/provider.ts';
import type { Tally } from '../tally.ts';
import { channelTopics } from '../topics.ts';
import type { Brakes } from './brakes.ts';
import type { Connections } from './connections.ts';

export interface PathOptions {
  readonly config: Config;
  readonly connections: Connections;
  readonly providers: Readonly<Record<Channel, Provider>>;
  readonly renderPool: RenderPool;
  readonly brakes: Brakes['of'];
  readonly log: Logger;
  readonly tally: Tally;
  readonly onFatal: (error: unknown) => void;
}

/** What a partition may bring in one fetch, as fetched; what arrives beyond `MAX_IN_FLIGHT` is at most one fetch. */
const maxBytesPerPartition = 128 * 1024;

/** The pipeline and its consumer, each telling the other: records one way, back-pressure the other. */
export const createPath = (options: PathOptions): { consumer: EventConsumer; pipeline: Pipeline } => {
  const { config, connections, log, tally, onFatal } = options;
  const topicOf = channelTopics(config);
  const settler = createSettler({
    database: connections.database,
    tally,
    actor: `dispatcher ${connections.name}`,
    onDone: (claim) => pipeline.over(claim),
    onFatal,
  });
  const pipeline = createPathPipeline(options, settler, {
    pause: (channel) => consumer.pause(topicOf[channel]),
    resume: (channel) => consumer.resume(topicOf[channel]),
  });
  const consumer = createEventConsumer({
    kafka: connections.kafka,
    groupId: config.kafka.groupId,
    topics: Object.values(topicOf),
    sessionTimeoutMs: config.kafka.sessionTimeoutMs,
    maxBytesPerPartition,
    log,
    onRecords: (records) => pipeline.receive(records[0]?.topic === topicOf.SMS ? 'SMS' : 'EMAIL', records),
    onFatal,
  });
  return { consumer, pipeline };
};

const createPathPipeline = (
  { config, connections, providers, renderPool, brakes, log, tally, onFatal }: PathOptions,
  settler: Settler,
  backPressure: { pause(channel: Channel): void; resume(channel: Channel): void },
): Pipeline =>
  createPipeline({
    parts: {
      database: connections.database,
      renderPool,
      renewal: createBatchRenewal({
        database: connections.database,
        tally,
        everyMs: config.sweep.batchMaxAgeMs / 4,
      }),
      settler,
      log,
      tally,
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
