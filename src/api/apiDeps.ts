import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log/log.ts';
import type { BuildInfo } from './contract/serviceContract.ts';

/** What the routes work with. */
export interface ApiDeps {
  readonly config: Config;
  readonly database: Database;
  readonly log: Logger;
  readonly build: BuildInfo;
  /** Whether the process is about to end: then it is not ready. */
  readonly isStopping: () => boolean;
}
