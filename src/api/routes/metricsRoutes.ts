import { createClusterMetrics } from '../../metrics/clusterMetrics.ts';
import { listDispatchers } from '../../operations/listDispatchers.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { problemResponse } from '../contract/contractShapes.ts';
import { scrapeTargets } from '../contract/metricsContract.ts';
import { clusterReadingOf } from '../live/clusterReading.ts';

const tags = ['service'];

/** For Prometheus: the numbers of the cluster, and where those of the dispatchers are. */
export function addMetricsRoutes(app: ApiApp, deps: ApiDeps): void {
  const metrics = createClusterMetrics(deps.build.version);
  app.get(
    '/metrics',
    {
      config: { permission: 'read', openToLoopback: true, rateLimit: false },
      schema: { tags, summary: "The cluster's numbers and those of this process, as Prometheus reads them" },
    },
    async (_, reply) => {
      const live = await deps.live.readOrLast().catch(() => undefined);
      const reading = live === undefined ? undefined : clusterReadingOf(live, deps.lag.current());
      return reply.type(metrics.contentType).send(await metrics.print(reading));
    },
  );
  app.get(
    '/metrics/targets',
    {
      config: { permission: 'open', rateLimit: false },
      schema: {
        tags,
        summary: "Where metrics are, for Prometheus' http_sd_configs",
        response: { 200: scrapeTargets, default: problemResponse },
      },
    },
    async ({ host }) => {
      const { items } = await listDispatchers(deps);
      const addresses = items.flatMap(({ alive, metricsAddress }) =>
        alive && metricsAddress !== null ? [metricsAddress] : [],
      );
      return [
        { targets: [host], labels: { process: 'api' as const } },
        ...addresses.map((address) => ({
          targets: [address],
          labels: { process: 'dispatcher' as const },
        })),
      ];
    },
  );
}
