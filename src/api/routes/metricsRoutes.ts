import { createClusterMetrics } from '../../metrics/clusterMetrics.ts';
import { listDispatchers } from '../../operations/listDispatchers.ts';
import { readOutcomeNumbers } from '../../operations/outcomes/outcomeNumbers.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import { clusterReadingOf } from '../live/clusterReading.ts';

/** Prometheus' own protocol: no part of the API's document. */
const options = {
  config: { permission: 'read', openToLoopback: true, rateLimit: false },
  schema: { hide: true },
} as const;

/** For Prometheus: the numbers of the cluster, and where those of the dispatchers are. */
export function addMetricsRoutes(app: ApiApp, deps: ApiDeps): void {
  const metrics = createClusterMetrics(deps.build.version, deps.receiptMeter);
  app.get('/metrics', options, async (_, reply) => {
    const [live, outcomes] = await Promise.all([
      deps.live.readOrLast().catch(() => undefined),
      readOutcomeNumbers(deps).catch(() => undefined),
    ]);
    const reading = live === undefined ? undefined : clusterReadingOf(live, deps.lag.current());
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

/** The form of Prometheus' HTTP service discovery. */
function targetOf(address: string, process: 'api' | 'dispatcher') {
  return { targets: [address], labels: { process } };
}
