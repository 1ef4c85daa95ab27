import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { ThrottledLog } from '../log/throttledLog.ts';
import type { BatchTracer, TracedBatch, TracedStage } from '../metrics/batchTracer.ts';

export interface TracingOptions {
  /** The address of a collector for OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** The share of batches that are traced, 0 to 1. */
  readonly share: number;
}

export interface OtelTracerOptions extends Omit<TracingOptions, 'endpoint'> {
  readonly version: string;
  /** The group of the consumers. */
  readonly groupId: string;
}

/** More traces than this would cost more than they tell; a trace has some ten spans. */
const tracesPerSecond = 20;
const stopMs = 2_000;

/**
 * Traces by OpenTelemetry, with the names of its conventions for messaging. A trace is one batch: its span,
 * and one per stage. Answers are written for many batches at a time, so `settle` has its own trace.
 */
export function createOtelTracer(
  exporter: SpanExporter,
  { serviceName, version, groupId, share }: OtelTracerOptions,
): BatchTracer {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('billcast', version);
  const current = new AsyncLocalStorage<Context>();
  const budget = new TraceBudget();
  let stopped: Promise<void> | undefined;
  return {
    async batch(batch, work) {
      if (!budget.hasRoom()) return work();
      const options = { kind: SpanKind.CONSUMER, attributes: batchAttributes(batch, groupId) };
      const span = tracer.startSpan(`process ${batch.topic}`, options, ROOT_CONTEXT);
      if (!span.isRecording()) return work();
      budget.take();
      try {
        return await current.run(trace.setSpan(ROOT_CONTEXT, span), work);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.setAttribute('billcast.bill_ids', [...batch.billIds()]);
        span.end();
      }
    },
    stage(stage) {
      const isOwn = stage.stage === 'settle';
      const parent = isOwn ? ROOT_CONTEXT : current.getStore();
      if (parent === undefined || (isOwn && !budget.hasRoom())) return;
      const span = tracer.startSpan(stage.stage, stageOptions(stage), parent);
      if (!span.isRecording()) return;
      if (isOwn) budget.take();
      if (!stage.isDone) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
    stop() {
      stopped ??= Promise.race([
        provider.shutdown().catch(() => undefined),
        new Promise<void>((resolve) => setTimeout(resolve, stopMs).unref()),
      ]);
      return stopped;
    },
  };
}

function batchAttributes({ topic, channel, provider, records }: TracedBatch, groupId: string) {
  return {
    'messaging.system': 'kafka',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': topic,
    'messaging.consumer.group.name': groupId,
    'messaging.batch.message_count': records,
    'billcast.channel': channel,
    'billcast.provider': provider,
  };
}

function stageOptions({ bills, startedMs }: TracedStage) {
  return { startTime: performance.timeOrigin + startedMs, attributes: { 'billcast.bills': bills } };
}

/** Limits the traces that begin within a second. */
class TraceBudget {
  #second = 0;
  #taken = 0;

  hasRoom(): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#taken = 0;
    }
    return this.#taken < tracesPerSecond;
  }

  take(): void {
    this.#taken++;
  }
}

/**
 * Exports by OTLP over HTTP. What the collector does not take is logged and dropped: no bill waits for it.
 */
export function openExporter(endpoint: string, throttledLog: ThrottledLog): SpanExporter {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const { error } = result;
        if (error !== undefined) throttledLog.warn('traces cannot be exported', { why: error.message });
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
