import type { Database } from '../../db/database.ts';
import { readDatabaseTime } from '../../db/databaseTime.ts';
import { within } from '../../lib/timeLimit.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { buildInfo, liveness, type Readiness, readiness } from '../contract/serviceContract.ts';

const open = { permission: 'open' } as const;
const tags = ['service'];
const readyWithinMs = 1_000;

/**
 * Routes for probes, open to everybody: whether the process is alive, whether it is ready, and its version.
 */
export function addServiceRoutes(app: ApiApp, { database, build, isStopping }: ApiDeps): void {
  app.get(
    '/healthz',
    {
      config: { ...open, rateLimit: false },
      schema: {
        tags,
        summary: 'Whether the process lives',
        response: { 200: liveness },
      },
    },
    () => ({ live: true as const }),
  );
  app.get(
    '/readyz',
    {
      config: { ...open, rateLimit: false },
      schema: {
        tags,
        summary: 'Whether it can serve',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_, reply) => {
      const state = await readReadiness(database, isStopping());
      return reply.code(state.ready ? 200 : 503).send(state);
    },
  );
  app.get(
    '/api/v1/build',
    {
      config: open,
      schema: {
        tags,
        summary: 'What runs here',
        response: { 200: buildInfo },
      },
    },
    () => build,
  );
  app.get('/api/v1/openapi.json', { config: open, schema: { hide: true } }, (_, reply) =>
    reply.serializer(JSON.stringify).send(app.swagger()),
  );
}

async function readReadiness(database: Database, stopping: boolean): Promise<Readiness> {
  if (stopping) {
    return { ready: false, checks: { database: { ok: true, detail: 'the process is stopping' } } };
  }
  try {
    const at = await within(readyWithinMs, readDatabaseTime(database));
    if (at === undefined) throw new RangeError('no answer in time');
    return { ready: true, checks: { database: { ok: true, detail: null } } };
  } catch {
    const detail = `no answer within ${readyWithinMs} ms`;
    return { ready: false, checks: { database: { ok: false, detail } } };
  }
}
