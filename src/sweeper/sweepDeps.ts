import type { Channel } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import { readChannelsToAsk } from '../db/reads/channelsToAsk.ts';
import { consumedThrough } from '../kafka/groupOffsets.ts';
import type { Kafka } from '../kafka/kafkaClient.ts';
import type { Logger } from '../log/log.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import type { Provider } from '../providers/provider.ts';
import type { SweepDeps } from './sweep.ts';

/** What a sweep works with, from the settings and what the process has open. */
export function createSweepDeps(options: {
  config: Config;
  database: Database;
  kafka: Kafka;
  providers: Readonly<Record<Channel, Provider>>;
  log: Logger;
  throttledLog: ThrottledLog;
  actor: string;
  mayJudge: () => boolean;
}): SweepDeps {
  const { config, kafka, ...rest } = options;
  return {
    ...rest,
    ...config.sweep,
    claimTtlMs: config.claimTtlMs,
    retransmitMaxCycles: config.retransmit.maxCycles,
    retention: config.retention,
    channelsToAsk: () => readChannelsToAsk(rest.database),
    hasConsumed: (channel, ageMs) =>
      consumedThrough({
        kafka,
        groupId: config.kafka.groupId,
        topic: config.kafka.topics[channel],
        timestampMs: Date.now() - ageMs,
      }),
  };
}
