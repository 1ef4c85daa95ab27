import { z } from 'zod';
import type { TracingOptions } from '../tracing/otelTracer.ts';

/** The names are those of OpenTelemetry. */
export const tracingShape = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(0.01),
  OTEL_SERVICE_NAME: z.string().min(1).default('billcast'),
};

/** Undefined: nothing is traced. */
export function tracingOf(env: z.infer<z.ZodObject<typeof tracingShape>>): TracingOptions | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = env;
  return endpoint === undefined ? undefined : { endpoint, serviceName, share: env.OTEL_TRACES_SAMPLER_ARG };
}
