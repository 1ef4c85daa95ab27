import { z } from 'zod';

export const metricsShape = {
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(9464),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  NODE_APP_INSTANCE: z.coerce.number().int().min(0).max(10_000).default(0),
};

type MetricsEnvironment = z.infer<z.ZodObject<typeof metricsShape>>;

/** The port is that of this process: `METRICS_PORT` plus `NODE_APP_INSTANCE`. 0: no metrics. */
export function metricsSettingsOf(env: MetricsEnvironment) {
  const port = env.METRICS_PORT === 0 ? 0 : Math.min(65_535, env.METRICS_PORT + env.NODE_APP_INSTANCE);
  return { host: env.METRICS_HOST, port };
}
