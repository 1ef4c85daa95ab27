import { PgBoss } from 'pg-boss';
import { BillcastError } from '../errors.ts';
import type { Database } from './database.ts';
import { codeOf } from './statementFault.ts';

/** The queues of the sweeper's duties. */
export const sweepQueues = ['billcast-sweep', 'billcast-lookups', 'billcast-receipts'] as const;

export const queueOptions = {
  policy: 'stately',
  retryLimit: 0,
  expireInSeconds: 600,
  heartbeatSeconds: 10,
  retentionSeconds: 60,
  deleteAfterSeconds: 3_600,
} as const;

/** Lets pg-boss use our connections, so that TLS, hosts and poolers are handled in one place. */
function dbOf(database: Database) {
  return {
    executeSql: (text: string, values?: unknown[]) => database.execute(text, values),
  };
}

/** pg-boss for a dispatcher: it does not change the schema and needs no right to. */
export function createBoss(database: Database): PgBoss {
  return new PgBoss({
    db: dbOf(database),
    migrate: false,
    createSchema: false,
    reindex: false,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
}

/**
 * Creates or updates pg-boss's schema, and creates the queues.
 * @throws BillcastError MIGRATION_FAILED
 */
export async function installQueues(database: Database): Promise<void> {
  const boss = new PgBoss({
    db: dbOf(database),
    schedule: false,
    supervise: false,
    registerInstance: false,
  });
  const failed: unknown[] = [];
  boss.on('error', (error) => failed.push(error));
  try {
    await boss.start();
    for (const queue of sweepQueues) await boss.createQueue(queue, queueOptions);
    await boss.stop({ graceful: false });
  } catch (cause) {
    throw new BillcastError('MIGRATION_FAILED', queueProblem(cause), { cause });
  }
  if (failed.length > 0) {
    throw new BillcastError('MIGRATION_FAILED', 'the queues could not be made', { cause: failed[0] });
  }
}

function queueProblem(cause: unknown): string {
  return codeOf(cause) === '42501'
    ? 'this role may not make or change the schema pgboss: grant it create on the database, or run ' +
        '`create schema pgboss authorization <role>` as an administrator'
    : "pg-boss's schema could not be made or changed";
}

/** Whether pg-boss says that its schema is missing or of another version. */
export function isQueueMissing(error: unknown): boolean {
  return (
    error instanceof Error && /^pg-boss (is not installed|database requires migrations)/.test(error.message)
  );
}

/** Makes an Error of what pg-boss emits: sometimes it is a plain object with the same fields. */
export function errorOf(emitted: unknown): Error {
  if (emitted instanceof Error) return emitted;
  const facts: { message?: unknown; code?: unknown } = Object(emitted);
  return Object.assign(new Error(String(facts.message ?? emitted)), { code: facts.code });
}
