import type { StateCounts } from '../../src/db/reads/stateCounts.ts';
import { checkRun, type RunVerdict } from './checkRun.ts';
import { createInjectionHistory, type Injection, type InjectionHistory } from './injectionHistory.ts';
import { runNemesis } from './nemesis.ts';
import { releaseSteadily, untilQuiescent } from './quiescence.ts';
import { type InjectionKind, planFaults } from './schedule.ts';
import type { Screen } from './screen.ts';
import { openTestbed, type Testbed, type TestbedOptions } from './testbed.ts';

export interface ChaosOptions extends TestbedOptions {
  readonly kinds: readonly InjectionKind[];
  /** How long faults are injected; then the run waits for quiescence. */
  readonly spanMs: number;
  readonly screen: Screen;
}

export interface RunResult extends RunVerdict {
  /** Everything came to rest in time. */
  readonly quiet: boolean;
  readonly injections: readonly Injection[];
  /** Dispatchers that exited without being asked to. */
  readonly crashes: number;
  readonly seconds: number;
}

/** Longer than any recovery: what is not at rest by then is lost. */
const quietWithinMs = 180_000;

/**
 * One whole run: a testbed, bills, faults, quiescence, the checks. No process is left when it ends.
 * @throws the error that ends the run early, or the reason of the signal that aborts it
 */
export async function runChaos(options: ChaosOptions, signal: AbortSignal): Promise<RunResult> {
  const startedAt = performance.now();
  const testbed = await openTestbed(options);
  const history = createInjectionHistory({
    database: testbed.database,
    finalDoubts: testbed.finalDoubts,
    onLook: (states) => options.screen.status(statusLine(states, testbed, startedAt)),
    onRecovered: (injection) => options.screen.line(recoveryLine(injection, startedAt)),
  });
  try {
    const quiet = await runFaults({ options, testbed, history, startedAt }, signal);
    await history.stop();
    return { ...(await checkRun(testbed)), ...factsOf(testbed, history, startedAt), quiet };
  } finally {
    options.screen.end();
    const stopped = history.stop().catch(() => undefined);
    await testbed.close();
    await stopped;
  }
}

interface Run {
  readonly options: ChaosOptions;
  readonly testbed: Testbed;
  readonly history: InjectionHistory;
  readonly startedAt: number;
}

/** @returns whether everything came to rest */
async function runFaults(
  { options, testbed, history, startedAt }: Run,
  signal: AbortSignal,
): Promise<boolean> {
  const { bills, kinds, spanMs, seed, screen } = options;
  await Promise.all([
    releaseSteadily({ ladder: testbed.config.ladder, database: testbed.database, bills, spanMs, signal }),
    runNemesis({
      testbed,
      seed,
      signal,
      plan: planFaults({ seed, kinds, spanMs }),
      onInjection(kind, what) {
        screen.line(`${clock(startedAt)}  ${kind.padEnd(12)}${what}`);
        return history.record(kind, what);
      },
    }),
  ]);
  screen.line(`${clock(startedAt)}  all faults are undone, waiting until everything is at rest`);
  return untilQuiescent({ testbed, states: history.states, limitMs: quietWithinMs, signal });
}

function factsOf(testbed: Testbed, history: InjectionHistory, startedAt: number) {
  return {
    injections: history.injections(),
    crashes: testbed.fleet.crashes(),
    seconds: Math.round((performance.now() - startedAt) / 1_000),
  };
}

function statusLine(states: StateCounts, { fleet }: Testbed, startedAt: number): string {
  return [
    clock(startedAt),
    `delivered ${states.delivered.toLocaleString('en')} of ${states.total.toLocaleString('en')}`,
    `in progress ${states.pending - states.held + states.sending + states.sent}`,
    `in doubt ${states.inDoubt}`,
    `failed ${states.failed}`,
    `dispatchers ${fleet.size()}`,
  ].join('  ');
}

function recoveryLine({ kind, recoveredAfterMs = 0 }: Injection, startedAt: number): string {
  return `${clock(startedAt)}  ${kind.padEnd(12)}recovered after ${(recoveredAfterMs / 1_000).toFixed(1)} s`;
}

/** `mm:ss` since the run began. */
function clock(startedAt: number): string {
  const seconds = Math.floor((performance.now() - startedAt) / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
