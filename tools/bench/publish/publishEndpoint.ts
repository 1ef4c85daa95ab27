import type { ApiApp } from '../../../src/api/apiApp.ts';
import { createApiServer } from '../../../src/api/apiServer.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import type { Database } from '../../../src/db/database.ts';
import { createKafka } from '../../../src/kafka/kafkaClient.ts';
import { createLogger } from '../../../src/log/log.ts';

const build = {
  name: 'billcast',
  version: 'bench',
  node: process.version,
  startedAt: '1970-01-01T00:00:00Z',
  template: { name: 'bench', version: 'bench' },
} as const;

/** The product's API, whose `POST /api/v1/publish` the bench asks, without a limit of its rate. */
export function createPublishEndpoint(database: Database): Promise<ApiApp> {
  const log = createLogger({ level: 'error', pretty: false });
  return createApiServer({
    config: loadConfig({ API_REQUESTS_PER_SECOND: '1000000' }),
    database,
    // To publish is to release rows: the relay writes the events.
    kafka: createKafka({ brokers: ['127.0.0.1:1'], clientId: 'bench-api', log }),
    log,
    build,
    isStopping: () => false,
  });
}
