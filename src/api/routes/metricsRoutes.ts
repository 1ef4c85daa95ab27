import { readRunReadings } from '../../db/runs/runReadings.ts';
import { type ClusterReading, createClusterMetrics } from '../../metrics/clusterMetrics.ts';
import { listDispatchers } from '../../operations/listDispatchers.ts';
import { readOutcomeNumbers } from '../../operations/outcomes/outcomeNumbers.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { clusterReadingOf } from '../live/clusterReading.ts';

/** Prometheus has its own protocol, so these routes are not part of the API's document. */
const options = {
  config: { permission: 'read', openToLoopback: true, rateLimit: false },
  schema: { hide: true },
} as const;

/** For Prometheus: the numbers of the cluster, and where those of the dispatchers are. */
export function addMetricsRoutes(app: ApiApp, deps: ApiDeps): void {
  const metrics = createClusterMetrics(deps.build.version, deps.receiptMeter);
  app.get('/metrics', options, async (_, reply) => {
    const [reading, outcomes] = await Promise.all([
      readCluster(deps).catch(() => undefined),
      readOutcomeNumbers(deps).catch(() => undefined),
    ]);
    return reply.type(metrics.contentType).send(await metrics.print(reading, outcomes));
  });
  app.get('/metrics/targets', options, async ({ host }) => {
    const { items } = await listDispatchers(deps);
    const addresses = items.flatMap(({ alive, metricsAddress }) =>
      alive && metricsAddress !== null ? [metricsAddress] : [],
    );
    return [targetOf(host, 'api'), ...addresses.map((address) => targetOf(address, 'dispatcher'))];
  });
}

async function readCluster({ live, lag, database }: ApiDeps): Promise<ClusterReading | undefined> {
  return clusterReadingOf(await live.readOrLast(), lag.current(), await readRunReadings(database));
}

/** The form of Prometheus' HTTP service discovery. */
function targetOf(address: string, process: 'api' | 'dispatcher') {
  return { targets: [address], labels: { process } };
}
