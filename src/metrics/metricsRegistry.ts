import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** A series and its value, read when somebody asks for the metrics. */
export interface Reading<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/** The name of a metric, its help, and where its values come from. */
export interface Described<Label extends string> {
  readonly name: `billcast_${string}`;
  readonly help: string;
  readonly labelNames: readonly Label[];
  readonly read: () => readonly Reading<Label>[];
}

/**
 * How often a timer samples the event loop. The default, 10 ms, would show in the CPU time of an idle
 * process.
 */
const eventLoopSampleMs = 100;

/** A registry with what every process of billcast has. */
export function createRegistry(build: { readonly version: string; readonly process: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopSampleMs });
  addGauge(registry, {
    name: 'billcast_build_info',
    help: 'What runs here; always 1',
    labelNames: ['version', 'node', 'process'],
    read: () => [{ labels: { ...build, node: process.version }, value: 1 }],
  });
  return registry;
}

/** Adds a count that only rises while the process lives. */
export function addCounter<Label extends string>(registry: Registry, described: Described<Label>): void {
  const { name, help, labelNames, read } = described;
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of read()) this.inc({ ...labels }, value);
    },
  });
}

/** Adds a value that may rise and fall. A series that is no longer read disappears. */
export function addGauge<Label extends string>(registry: Registry, described: Described<Label>): void {
  const { name, help, labelNames, read } = described;
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of read()) this.set({ ...labels }, value);
    },
  });
}
