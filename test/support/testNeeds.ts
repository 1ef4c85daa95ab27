import type { ImportGraph } from './importGraph.ts';

/**
 * What a file's tests need: the run's PostgreSQL, the run's Kafka, processes that they start, many seconds of
 * CPU.
 */
export type Need = 'postgres' | 'kafka' | 'processes' | 'time';

/**
 * The modules by which a need is known, if the file or its support code imports one of them. The first two
 * are the only readers of DATABASE_URL and KAFKA_BROKERS, and throw if these are not set. So no file's need
 * stays unnoticed.
 */
const markers: Readonly<Record<Need, readonly string[]>> = {
  postgres: ['test/support/testDatabase.ts'],
  kafka: ['test/support/testKafka.ts'],
  processes: ['node:child_process', 'playwright-core', 'src/embedded/openEmbedded.ts'],
  time: ['test/support/exhaustive.ts'],
};

export function needsOf(graph: ImportGraph, file: string): ReadonlySet<Need> {
  const reached = graph.reachedFrom(file, (importer) => importer.startsWith('test/'));
  const needs = Object.entries(markers) as [Need, readonly string[]][];
  return new Set(needs.filter(([, marks]) => marks.some((mark) => reached.has(mark))).map(([need]) => need));
}

/** The modules of connections, on which tests wait for servers and time-outs. */
const connecting = ['node:net', 'node:http', 'node:https', 'node:http2', 'node:tls', 'smtp-server'];

/** Whether a file's tests, or their support code, open connections themselves. */
export function opensConnections(graph: ImportGraph, file: string): boolean {
  const reached = graph.reachedFrom(file, (importer) => importer.startsWith('test/'));
  return connecting.some((module) => reached.has(module));
}
