import { readProductVersion } from '../lib/productVersion.ts';
import type { ThrottledLog } from '../log/throttledLog.ts';
import type { BatchTracer } from '../metrics/batchTracer.ts';
import type { TracingOptions } from './otelTracer.ts';

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
