import { readProductVersion } from '../lib/productVersion.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import type { BatchTracer } from '../metrics/batchTracer.ts';

export interface TracingOptions {
  /** The address of a collector for OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** The share of batches that are traced, 0 to 1. */
  readonly share: number;
}

/** Without options nothing is traced, and no library is loaded. */
export async function openTracer(
  config: {
    readonly tracing: TracingOptions | undefined;
    readonly kafka: { readonly groupId: string };
  },
  throttledLog: ThrottledLog,
): Promise<BatchTracer | undefined> {
  const { tracing, kafka } = config;
  if (tracing === undefined) return undefined;
  const { createOtelTracer, openExporter } = await import('./otelTracer.ts');
  const exporter = openExporter(tracing.endpoint, throttledLog);
  return createOtelTracer(exporter, { ...tracing, version: readProductVersion(), groupId: kafka.groupId });
}
