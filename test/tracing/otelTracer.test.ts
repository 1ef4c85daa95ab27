import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { createThrottledLog } from '../../src/log/throttledLog.ts';
import { createPathMeters } from '../../src/metrics/pathMeters.ts';
import { openTracer } from '../../src/tracing/openTracer.ts';
import { createOtelTracer, openExporter } from '../../src/tracing/otelTracer.ts';
import { captureLog, silentLog } from '../support/capturedLog.ts';
import { serveHttp } from '../support/httpServer.ts';

const batch = {
  topic: 'bill.email',
  channel: 'EMAIL',
  provider: 'smtp',
  records: 3,
  billIds: () => ['1', '2', '3'],
};
const options = { serviceName: 'billcast', version: '1', groupId: 'g', share: 1 };

/** Keeps spans also after its end, which makes the in-memory one forget them. */
class KeptSpans extends InMemorySpanExporter {
  override async shutdown(): Promise<void> {}
}

function trace(share = 1) {
  const exporter = new KeptSpans();
  const tracer = createOtelTracer(exporter, { ...options, share });
  return { tracer, stages: createPathMeters(tracer).stages, exporter };
}

describe('the traces', () => {
  it('are one per batch, with a span per stage in it', async () => {
    const { tracer, stages, exporter } = trace();
    const inBatch = (name: 'claim' | 'load' | 'settle') => stages.time(name, 3, async () => name);
    const result = await tracer.batch(batch, async () => {
      await inBatch('claim');
      await inBatch('settle');
      return inBatch('load');
    });
    assert.equal(result, 'load');
    await tracer.stop();
    const spans = exporter.getFinishedSpans();
    const root = spans.find(({ name }) => name === 'process bill.email');
    assert.deepEqual(root?.attributes['billcast.bill_ids'], ['1', '2', '3']);
    assert.equal(root?.attributes['messaging.batch.message_count'], 3);
    const parentOf = (name: string) => spans.find((span) => span.name === name)?.parentSpanContext?.spanId;
    const id = root?.spanContext().spanId;
    assert.deepEqual(['claim', 'load', 'settle'].map(parentOf), [id, id, undefined]);
  });

  it('show which stage failed, and leave its error as it is', async () => {
    const { tracer, stages, exporter } = trace();
    const fault = new Error('away');
    const work = () => stages.time('claim', 1, () => Promise.reject(fault));
    await assert.rejects(tracer.batch(batch, work), (error) => error === fault);
    await tracer.stop();
    assert.deepEqual(
      exporter.getFinishedSpans().map(({ name, status }) => [name, status.code]),
      [
        ['claim', 2],
        ['process bill.email', 2],
      ],
    );
  });

  it('are of a sample, and a bounded number per second', async () => {
    const { tracer, exporter } = trace(0);
    assert.equal(await tracer.batch(batch, async () => 7), 7);
    await tracer.stop();
    assert.deepEqual(exporter.getFinishedSpans(), []);
    const many = trace();
    for (let count = 0; count < 100; count++) await many.tracer.batch(batch, async () => undefined);
    await many.tracer.stop();
    assert.ok(many.exporter.getFinishedSpans().length <= 40);
  });

  it('are off without a collector', async () => {
    const throttledLog = createThrottledLog(silentLog);
    assert.equal(await openTracer({ tracing: undefined, kafka: { groupId: 'g' } }, throttledLog), undefined);
  });

  it('go to the collector, and a collector that fails costs a line of the log', async () => {
    const asked: string[] = [];
    const { port } = await serveHttp((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
      response.writeHead(asked.length === 1 ? 200 : 400).end();
    });
    const { log, warnings } = captureLog();
    for (const warned of [[], ['traces cannot be exported']]) {
      const exporter = openExporter(`http://127.0.0.1:${port}/`, createThrottledLog(log));
      const tracer = createOtelTracer(exporter, options);
      await tracer.batch(batch, async () => undefined);
      await tracer.stop();
      assert.deepEqual(warnings(), warned);
    }
    assert.deepEqual(new Set(asked), new Set(['POST /v1/traces application/x-protobuf']));
  });
});
