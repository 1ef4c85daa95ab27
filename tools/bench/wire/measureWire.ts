import { measureFloor } from '../floor/measureFloor.ts';
import { measureProduct } from '../load/measureProduct.ts';
import type { Measured } from '../measure/measureRun.ts';
import { readCpuUs } from '../measure/proc.ts';
import { type Summary, summarize } from '../measure/summary.ts';
import type { BenchOptions } from '../options.ts';
import type { Machine } from '../report/machine.ts';
import { withBench } from '../system/benchmark.ts';
import { say } from '../system/benchServers.ts';
import { startMeasuredProcess } from '../system/measuredProcess.ts';
import type { BenchRun } from '../system/measuredRun.ts';
import { type WireProviderName, wireProviderOf } from './wireProviders.ts';

/** The product through real sockets, beside its floor through the same ones and itself without any. */
export interface WireResult {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly provider: WireProviderName;
  readonly product: Summary;
  readonly floor: Summary | undefined;
  /** With the simulated provider, which refuses nothing here either. */
  readonly simulated: Summary;
  /** In each run of the product. */
  readonly counterpart: readonly CounterpartUsage[];
}

export interface CounterpartUsage {
  readonly cpuUsPerBill: number;
  /** The most that were open at a time. */
  readonly connections: number;
  /** All that were made. */
  readonly made: number;
}

/** Measures `runs` times, in turn, each time on a new copy of the same bills. */
export function measureWire(provider: WireProviderName, options: BenchOptions): Promise<WireResult> {
  return withBench(options, async ({ machine, withRun }) => {
    const product: OnWire[] = [];
    const floor: OnWire[] = [];
    const simulated: Measured[] = [];
    for (let index = 1; index <= options.runs; index += 1) {
      const overWire = (name: string, measure: Measure) =>
        withRun(`${name}${index}`, (run) => measureOnWire({ provider, options, run }, measure)).then(logged);
      product.push(await overWire('wire', measureProduct));
      if (options.floor) floor.push(await overWire('wirefloor', measureFloor));
      simulated.push(
        await withRun(`simulated${index}`, (run) =>
          measureProduct(withEnvironment(run, { SIMULATED_REFUSAL_RATE: '0' }), options),
        ).then(logged),
      );
    }
    return {
      machine,
      options,
      provider,
      product: summarize(product),
      floor: options.floor ? summarize(floor) : undefined,
      simulated: summarize(simulated),
      counterpart: product.map(({ counterpart }) => counterpart),
    };
  });
}

type Measure = (run: BenchRun, options: BenchOptions) => Promise<Measured>;
type OnWire = Measured & { readonly counterpart: CounterpartUsage };

interface WireRun {
  readonly provider: WireProviderName;
  readonly options: BenchOptions;
  readonly run: BenchRun;
}

async function measureOnWire({ provider, options, run }: WireRun, measure: Measure): Promise<OnWire> {
  const wire = wireProviderOf(provider);
  const counterpart = await startMeasuredProcess(wire.counterpart, {
    name: `${run.name}-counterpart`,
    env: run.env,
    args: [String(options.delay)],
  });
  try {
    const { port } = counterpart.said() as { port: number };
    const before = readCpuUs(counterpart.pid);
    const measured = await measure(withEnvironment(run, wire.settings(port)), options);
    const cpuUsPerBill = (readCpuUs(counterpart.pid) - before) / options.bills;
    await counterpart.stop();
    const said = counterpart.said() as Pick<CounterpartUsage, 'connections' | 'made'>;
    return { ...measured, counterpart: { cpuUsPerBill, ...said } };
  } finally {
    await counterpart.kill();
  }
}

function withEnvironment(run: BenchRun, settings: Readonly<Record<string, string>>): BenchRun {
  return { ...run, env: { ...run.env, ...settings } };
}

function logged<T extends Measured>(measured: T): T {
  const rate = Math.round(measured.settled.steadyBillsPerSecond).toLocaleString('en');
  say(`${measured.name}: ${rate} bills/s`);
  return measured;
}
