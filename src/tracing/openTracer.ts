import { readProductVersion } from '../lib/productVersion.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import type { BatchTracer } from '../metrics/batchTracer.ts';

export interface TracingOptions {
  /** Of a collector for OTLP by HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** Of the batches that are traced, 0 to 1. */
  readonly share: number;
}

/** Without options nothing is traced, and nothing is loaded for it. */
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
