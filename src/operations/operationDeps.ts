import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import type { Kafka } from '../kafka/kafkaClient.ts';
import type { Logger } from '../log/log.ts';

/** What the use cases work with. Each names the parts that it needs. */
export interface OperationDeps {
  readonly config: Config;
  readonly database: Database;
  readonly kafka: Kafka;
  readonly log: Logger;
}

/**
 * For use cases that need only two settings: the order of the channels, and whether members may get bills.
 */
export interface LadderDeps extends Pick<OperationDeps, 'database'> {
  readonly config: Pick<Config, 'ladder'> & Partial<Pick<Config, 'safeMode'>>;
}
