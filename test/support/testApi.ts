import { createHash } from 'node:crypto';
import type { ApiApp } from '../../src/api/apiApp.ts';
import { createApiServer } from '../../src/api/apiServer.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { Database } from '../../src/db/database.ts';
import { createKafka, type Kafka } from '../../src/kafka/kafkaClient.ts';
import type { Logger } from '../../src/log/log.ts';
import type { Role } from '../../src/policy/roles.ts';
import { silentLog } from './capturedLog.ts';

/** The token of a role in tests. */
export function tokenOf(role: Role): string {
  return `token-of-${role}`;
}

export function bearer(role: Role): Record<string, string> {
  return { authorization: `Bearer ${tokenOf(role)}` };
}

/** `API_TOKENS` with one token per role. */
export function tokensOf(...roles: readonly Role[]): string {
  return roles
    .map((role) => `${role}-token:${role}:${createHash('sha256').update(tokenOf(role)).digest('hex')}`)
    .join(',');
}

export const everyToken = tokensOf('viewer', 'agent', 'operator', 'approver', 'auditor', 'admin');

/** An API server in this process, asked by `inject`. Without a database, what needs one fails. */
export async function createTestApi(
  options: {
    readonly database?: Database;
    readonly kafka?: Kafka;
    readonly environment?: Record<string, string>;
    readonly log?: Logger;
  } = {},
): Promise<ApiApp> {
  const { database = noDatabase, environment = { API_TOKENS: everyToken }, log = silentLog } = options;
  const config = loadConfig(environment);
  return createApiServer({
    config,
    database,
    kafka: options.kafka ?? createKafka({ brokers: ['127.0.0.1:1'], clientId: 'test', log }),
    log,
    build: {
      name: 'billcast',
      version: '1.2.3',
      node: 'v24.0.0',
      startedAt: '2026-11-01T00:00:00.000Z',
      template: { name: 'bill', version: 'f00' },
    },
    isStopping: () => false,
  });
}

function away(): Promise<never> {
  return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
}

export const noDatabase: Database = {
  query: away,
  queryWithNotices: away,
  execute: away,
  withConnection: away,
  isPooled: () => false,
  close: async () => undefined,
};
