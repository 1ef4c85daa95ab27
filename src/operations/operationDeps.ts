import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import type { Kafka } from '../kafka/kafkaClient.ts';
import type { Logger } from '../log/log.ts';

/** What the use cases work with. Each names the part that it needs. */
export interface OperationDeps {
  readonly config: Config;
  readonly database: Database;
  readonly kafka: Kafka;
  readonly log: Logger;
}
