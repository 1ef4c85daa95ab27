import { perChannel } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import { createEventConsumer, type EventConsumer } from '../consumer/intake/eventConsumer.ts';
import { BatchBook } from '../consumer/pipeline/batchBook.ts';
import { createBatchRenewal } from '../consumer/pipeline/batchRenewal.ts';
import { ChannelLanes } from '../consumer/pipeline/channelLanes.ts';
import { Lane } from '../consumer/pipeline/lane.ts';
import { LateAnswers } from '../consumer/pipeline/lateAnswers.ts';
import { createPipeline, type Pipeline } from '../consumer/pipeline/pipeline.ts';
import { Settler } from '../consumer/pipeline/settler.ts';
import type { StageDeps } from '../consumer/pipeline/stage.ts';
import type { SuppressionBook } from '../consumer/pipeline/suppressionBook.ts';
import { WaitingRecords } from '../consumer/pipeline/waitingRecords.ts';
import type { MoveTally } from '../db/counts/moveTally.ts';
import { readDatabaseTime } from '../db/databaseTime.ts';
import { createBillLoader } from '../db/source/loadBills.ts';
import { firstChannel } from '../ladder.ts';
import type { Logger } from '../log/log.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import type { PathMeters } from '../metrics/pathMeters.ts';
import type { AddressHasher } from '../policy/addressHasher.ts';
import { createDatabaseClock } from '../policy/databaseClock.ts';
import type { RenderPool } from '../pool/renderPool.ts';
import type { Connections } from './connections.ts';
import type { OpenRoute } from './openRoutes.ts';

export interface WirePipelineOptions {
  readonly config: Config;
  readonly connections: Connections;
  readonly renderPool: RenderPool;
  readonly addressHasher: AddressHasher;
  readonly routes: readonly OpenRoute[];
  readonly meters: PathMeters;
  readonly tally: MoveTally;
  readonly suppressionBook: SuppressionBook;
  readonly log: Logger;
  readonly throttledLog: ThrottledLog;
  readonly onFatal: (error: unknown) => void;
}

/** The time that a stop needs after the last late answer: to settle, commit and close. */
const afterLateAnswersMs = 5_000;

/** The most that a partition brings in one fetch. At most one fetch arrives beyond `MAX_IN_FLIGHT`. */
const maxBytesPerPartition = 128 * 1024;

/** The pipeline and its consumer: records go one way, back-pressure the other. */
export function wirePipeline(options: WirePipelineOptions): { consumer: EventConsumer; pipeline: Pipeline } {
  const { config, connections, routes, log, onFatal } = options;
  const { topics, groupId, sessionTimeoutMs } = config.kafka;
  const { maxInFlight, batchSize } = config;
  const pipeline = createPipeline({
    deps: createStageDeps(options),
    lanes: perChannel((channel) => {
      const records = new WaitingRecords(maxInFlight);
      const lanes = routes
        .filter(({ brake }) => brake.channel === channel)
        .map((route) => ({ weight: route.weight, lane: new Lane({ ...route, records }) }));
      return new ChannelLanes(channel, records, lanes);
    }),
    batchSize,
    lateAnswersMs: Math.max(0, config.stopTimeoutMs - afterLateAnswersMs),
    onFatal,
  });
  const channelOf = new Map(config.ladder.order.map((channel) => [topics[channel], channel]));
  const consumer = createEventConsumer({
    kafka: connections.kafka,
    groupId,
    topics: [...channelOf.keys()],
    sessionTimeoutMs,
    maxBytesPerPartition,
    log,
    onRecords(records) {
      const channel = channelOf.get(records[0]?.topic ?? '');
      if (channel !== undefined) pipeline.receive(channel, records);
    },
    onFatal,
  });
  pipeline.onBackPressure({
    pause: (channel) => consumer.pause(topics[channel]),
    resume: (channel) => consumer.resume(topics[channel]),
  });
  return { consumer, pipeline };
}

function createStageDeps(options: WirePipelineOptions): StageDeps {
  const { config, connections, renderPool, meters, tally, log, throttledLog, onFatal } = options;
  const { database, id: dispatcherId, name } = connections;
  const batchBook = new BatchBook({ database, throttledLog });
  const everyMs = config.sweep.batchMaxAgeMs / 4;
  return {
    database,
    renderPool,
    renewal: createBatchRenewal({ database, throttledLog, everyMs }),
    batchBook,
    lateAnswers: new LateAnswers(),
    settler: new Settler({
      database,
      throttledLog,
      batchBook,
      meters,
      tally,
      first: firstChannel(config.ladder),
      actor: `dispatcher ${name}`,
      onFatal,
    }),
    meters,
    log,
    throttledLog,
    dispatcherId,
    startDeadlineMs: config.startDeadlineMs,
    decisions: { ladder: config.ladder, retransmit: config.retransmit, cycleMaxAgeMs: config.cycleMaxAgeMs },
    addressHasher: options.addressHasher,
    suppressionBook: options.suppressionBook,
    loadBills: createBillLoader(config.source),
    idKind: config.source.idKind,
    timeZone: config.timeZone,
    now: createDatabaseClock(() => readDatabaseTime(connections.control)),
  };
}
