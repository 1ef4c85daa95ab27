import { listDispatchers } from '../../operations/listDispatchers.ts';
import { readMonthStatus } from '../../operations/monthStatus.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { monthParams } from '../contract/contractShapes.ts';
import { dispatchers } from '../contract/dispatchersContract.ts';
import { monthStatus, status } from '../contract/statusContract.ts';
import { ageTexts } from '../live/statusOf.ts';
import { toldOf } from '../told/toldOf.ts';

const config = { permission: 'read' } as const;
const tags = ['numbers'];
/** If Kafka is away, the answer is given without its part. */
const lagLimitMs = 3_000;

/** Bills by state, and who works. */
export function addStatusRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/status',
    {
      config,
      schema: {
        tags,
        summary: 'Bills by state, the lag, the pause and the brakes',
        response: { 200: status },
      },
    },
    async () => {
      await deps.lag.known(lagLimitMs);
      return (await deps.live.read()).status;
    },
  );
  app.get(
    '/api/v1/months/:month/status',
    {
      config,
      schema: {
        tags,
        summary: 'The bills of a billing month by state',
        params: monthParams,
        response: { 200: monthStatus },
      },
    },
    async ({ params }) => {
      const { asOf, exact, countedSince, drift, ...facts } = await readMonthStatus(
        deps,
        `${params.month}-01`,
      );
      return { ...facts, ...ageTexts({ asOf, exact, countedSince, drift }) };
    },
  );
  app.get(
    '/api/v1/dispatchers',
    {
      config,
      schema: {
        tags,
        summary: 'The dispatchers, and how far they are behind in each partition',
        response: { 200: dispatchers },
      },
    },
    async () => {
      const lag = await deps.lag.known(lagLimitMs);
      const { asOf, items } = await listDispatchers(deps);
      return {
        asOf: asOf.toISOString(),
        items: items.map(({ startedAt, heartbeatAt, ...item }) => ({
          ...item,
          startedAt: startedAt.toISOString(),
          heartbeatAt: heartbeatAt.toISOString(),
        })),
        lag: {
          total: lag.events,
          problem: lag.problem,
          problemTold: toldOf(lag.problem),
          asOf: lag.asOf?.toISOString() ?? null,
          partitions: lag.partitions.map(({ next, end, ...rest }) => ({
            ...rest,
            next: String(next),
            end: String(end),
          })),
        },
      };
    },
  );
}
