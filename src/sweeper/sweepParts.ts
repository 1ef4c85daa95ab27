import type { Channel } from '../bill.ts';
import type { Config } from '../config.ts';
import { consumedThrough, type Kafka } from '../consumer/kafka.ts';
import { readChannelsToAsk } from '../db/channelsToAsk.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Provider } from '../send/provider.ts';
import type { Tally } from '../tally.ts';
import { channelTopics } from '../topics.ts';
import type { SweepParts } from './sweep.ts';

/** What a sweep works with, from the settings and what the process has open. */
export const createSweepParts = (options: {
  config: Config;
  database: Database;
  kafka: Kafka;
  providers: Readonly<Record<Channel, Provider>>;
  log: Logger;
  tally: Tally;
  actor: string;
  mayJudge: () => boolean;
}): SweepParts => {
  const { config, kafka, ...rest } = options;
  const topicOf = channelTopics(config);
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
        topic: topicOf[channel],
        timestampMs: Date.now() - ageMs,
      }),
  };
};
