import { loadConfig } from '../../../src/config/loadConfig.ts';
import { measureFloor } from '../floor/measureFloor.ts';
import { measureProduct } from '../load/measureProduct.ts';
import type { Measured } from '../measure/measureRun.ts';
import { medianOf } from '../measure/median.ts';
import { readCpuUs } from '../measure/proc.ts';
import { type Summary, summarize } from '../measure/summary.ts';
import type { BenchOptions } from '../options.ts';
import type { Machine } from '../report/machine.ts';
import { withBench } from '../system/benchmark.ts';
import { say } from '../system/benchServers.ts';
import { type MeasuredProcess, startMeasuredProcess } from '../system/measuredProcess.ts';
import type { BenchRun } from '../system/measuredRun.ts';
import { type WireProvider, type WireProviderName, wireProviderOf } from './wireProviders.ts';

/** The product through real sockets, beside its floor through the same ones and itself without any. */
export interface WireResult {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly provider: WireProviderName;
  readonly product: Summary;
  readonly floor: Summary | undefined;
  /** The product with the simulated provider, which refuses nothing here either. */
  readonly simulated: Summary;
  /** What the other side used in each run of the product. */
  readonly counterpart: readonly CounterpartUsage[];
  /** Another project's program, which sends as many bytes to the same counterpart. */
  readonly rival: { readonly name: string; readonly messagesPerSecond: number } | undefined;
}

export interface CounterpartUsage {
  readonly cpuUsPerBill: number;
  /** The most connections that were open at a time; undefined if it does not say. */
  readonly connections?: number | undefined;
  /** All connections that were made. */
  readonly made?: number | undefined;
}

/** Measures `runs` times, in turn, each time on a new copy of the same bills. */
export function measureWire(provider: WireProviderName, options: BenchOptions): Promise<WireResult> {
  const { rival } = wireProviderOf(provider);
  return withBench(options, async ({ machine, withRun }) => {
    const rivals: number[] = [];
    const product: OnWire[] = [];
    const floor: OnWire[] = [];
    const simulated: Measured[] = [];
    for (let index = 1; index <= options.runs; index += 1) {
      const overWire = (name: string, measure: Measure) =>
        withRun(`${name}${index}`, (run) => measureOnWire({ provider, options, run }, measure)).then(logged);
      product.push(await overWire('wire', measureProduct));
      if (options.floor) floor.push(await overWire('wirefloor', measureFloor));
      if (rival !== undefined) {
        rivals.push(await withRun(`rival${index}`, (run) => measureRival({ provider, options, run }, rival)));
      }
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
      rival: rival && { name: rival.name, messagesPerSecond: medianOf(rivals, (rate) => rate) ?? 0 },
    };
  });
}

type Rival = NonNullable<WireProvider['rival']>;
type Measure = (run: BenchRun, options: BenchOptions) => Promise<Measured>;
type OnWire = Measured & { readonly counterpart: CounterpartUsage };

interface WireRun {
  readonly provider: WireProviderName;
  readonly options: BenchOptions;
  readonly run: BenchRun;
}

async function measureOnWire(wireRun: WireRun, measure: Measure): Promise<OnWire> {
  const { provider, options, run } = wireRun;
  return withCounterpart(wireRun, async (counterpart, { port, pid }) => {
    const before = readCpuUs(pid);
    const measured = await measure(withEnvironment(run, wireProviderOf(provider).settings(port)), options);
    const cpuUsPerBill = (readCpuUs(pid) - before) / options.bills;
    await counterpart.stop();
    const { connections, made } = counterpart.said() as Partial<CounterpartUsage>;
    return { ...measured, counterpart: { cpuUsPerBill, connections, made } };
  });
}

function measureRival(wireRun: WireRun, { name, measure }: Rival): Promise<number> {
  const { concurrency } = loadConfig(wireRun.run.env).providerSettings.smtp;
  return withCounterpart(wireRun, async (_counterpart, { port }) => {
    const perSecond = await measure(port, concurrency);
    say(`${name}: ${Math.round(perSecond).toLocaleString('en')} messages/s`);
    return perSecond;
  });
}

async function withCounterpart<T>(
  { provider, options, run }: WireRun,
  measure: (counterpart: MeasuredProcess, listener: { port: number; pid: number }) => Promise<T>,
): Promise<T> {
  const counterpart = await startMeasuredProcess(wireProviderOf(provider).counterpart, {
    name: `${run.name}-counterpart`,
    env: run.env,
    args: [String(options.delay)],
  });
  try {
    // A counterpart that only starts another program says which process that is.
    const { port, pid = counterpart.pid } = counterpart.said() as { port: number; pid?: number };
    return await measure(counterpart, { port, pid });
  } finally {
    await counterpart.stop();
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
