import type { Channel } from '../channels.ts';
import type { Config } from '../config/loadConfig.ts';
import type { MoveTally } from '../db/counts/moveTally.ts';
import type { Database } from '../db/database.ts';
import { type RoutesToAsk, readRoutesToAsk } from '../db/reads/routesToAsk.ts';
import { consumedThrough } from '../kafka/groupOffsets.ts';
import type { Kafka } from '../kafka/kafkaClient.ts';
import type { Ladder } from '../ladder.ts';
import type { Logger } from '../log/log.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import type { Providers } from '../providers/providerKind.ts';

export interface SweepDeps {
  readonly database: Database;
  readonly providers: Providers;
  /** Whether everything published on the channel's topic more than `ageMs` ago has been consumed. */
  readonly hasConsumed: (channel: Channel, ageMs: number) => Promise<boolean>;
  /** For the counts that people see; missing in a command. */
  readonly tally?: MoveTally | undefined;
  readonly log: Logger;
  /** For events that can hit many bills at once. */
  readonly throttledLog: ThrottledLog;
  /** Named in the journal. */
  readonly actor: string;
  readonly claimTtlMs: number;
  /** Whether silence means death. Not if the database has only just come back. */
  readonly mayJudge: () => boolean;
  readonly batchMaxAgeMs: number;
  readonly orphanAfterMs: number;
  readonly lookupHorizonMs: number;
  readonly routesToAsk: () => Promise<RoutesToAsk>;
  readonly ladder: Ladder;
  /** The share of bills that may turn to the next channel: `SMS_TURN_STOP_RATE`. */
  readonly turnLimit: number;
  readonly retransmit: Config['retransmit'];
  readonly retention: Config['retention'];
  /** How long an event waits for the row of its bill before its dead letter is written. */
  readonly earlyEventLetterMs: number;
  /** How long the event waits before it is deleted. */
  readonly earlyEventMaxMs: number;
}

/** The deps of a sweep, from the settings and the open connections of the process. */
export function createSweepDeps(options: {
  readonly config: Config;
  readonly database: Database;
  readonly tally?: MoveTally | undefined;
  readonly kafka: Kafka;
  readonly providers: Providers;
  readonly log: Logger;
  readonly throttledLog: ThrottledLog;
  readonly actor: string;
  readonly mayJudge: () => boolean;
}): SweepDeps {
  const { config, kafka, ...rest } = options;
  return {
    ...rest,
    ...config.sweep,
    claimTtlMs: config.claimTtlMs,
    ladder: config.ladder,
    turnLimit: config.brakeLimits.smsTurns,
    retransmit: config.retransmit,
    retention: config.retention,
    routesToAsk: () => readRoutesToAsk(rest.database, config.providers),
    hasConsumed: (channel, ageMs) =>
      consumedThrough({
        kafka,
        groupId: config.kafka.groupId,
        topic: config.kafka.topics[channel],
        timestampMs: Date.now() - ageMs,
      }),
  };
}
