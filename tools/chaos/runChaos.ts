import type { StateCounts } from '../../src/db/reads/statusFacts.ts';
import { readLedgerKeys } from '../../src/providers/ledger.ts';
import { selectBounces, selectFinalRows, selectPublications } from './chaosRows.ts';
import { type Account, settleAccount } from './checker.ts';
import { strikeAll } from './nemesis.ts';
import { findLostPoison } from './poisonChecker.ts';
import { releaseSteadily, untilQuiet } from './quiescence.ts';
import { type InjectionKind, planFaults } from './schedule.ts';
import type { Screen } from './screen.ts';
import { openWorld, type World, type WorldOptions } from './testbed.ts';
import { findLostLetters, findLostRecords, findUnexplained } from './topicChecker.ts';
import { type Blow, createWatch, type Watch } from './watch.ts';

export interface ChaosOptions extends WorldOptions {
  readonly kinds: readonly InjectionKind[];
  /** How long faults strike; then the run waits for quiet. */
  readonly spanMs: number;
  readonly screen: Screen;
}

/** What the topics themselves hold, against what must be in them. */
export interface RecordAccount {
  /** Records of poison without their dead letter. */
  readonly poisonLost: number;
  /** Bills that FAILED, in any cycle, without their dead letter. */
  readonly lettersLost: number;
  /** Bills with fewer records than their rows say were published. */
  readonly recordsLost: number;
  /** Records that no bill and no fault accounts for. */
  readonly unexplained: number;
}

export interface RunResult extends Account, RecordAccount {
  /** All came to rest in time. */
  readonly quiet: boolean;
  readonly blows: readonly Blow[];
  /** Dispatchers that ended unasked. */
  readonly crashes: number;
  readonly seconds: number;
}

/** Longer than any recovery: what is not at rest by then is lost. */
const quietWithinMs = 180_000;

/**
 * One whole run: a billcast of its own, bills, faults, quiet, the account. No process is left when it ends.
 * @throws what breaks the run itself, and the reason of the signal that breaks it off
 */
export async function runChaos(options: ChaosOptions, signal: AbortSignal): Promise<RunResult> {
  const startedAt = performance.now();
  const world = await openWorld(options);
  const watch = createWatch({
    database: world.database,
    doubtIsFinal: world.doubtIsFinal,
    onLook: (states) => options.screen.status(statusLine(states, world, startedAt)),
    onRecovered: (blow) => options.screen.line(recoveryLine(blow, startedAt)),
  });
  try {
    const quiet = await suffer({ options, world, watch, startedAt }, signal);
    await watch.stop();
    return { ...(await accountFor(world)), ...factsOf(world, watch, startedAt), quiet };
  } finally {
    options.screen.end();
    const watched = watch.stop().catch(() => undefined);
    await world.close();
    await watched;
  }
}

interface Run {
  readonly options: ChaosOptions;
  readonly world: World;
  readonly watch: Watch;
  readonly startedAt: number;
}

/** @returns whether all came to rest */
async function suffer({ options, world, watch, startedAt }: Run, signal: AbortSignal): Promise<boolean> {
  const { bills, kinds, spanMs, seed, screen } = options;
  await Promise.all([
    releaseSteadily({ database: world.database, bills, spanMs, signal }),
    strikeAll({
      world,
      seed,
      signal,
      plan: planFaults({ seed, kinds, spanMs }),
      onStrike(kind, what) {
        screen.line(`${clock(startedAt)}  ${kind.padEnd(12)}${what}`);
        return watch.strike(kind, what);
      },
    }),
  ]);
  screen.line(`${clock(startedAt)}  the last fault is over, waiting for quiet`);
  return untilQuiet({ world, states: watch.states, limitMs: quietWithinMs, signal });
}

async function accountFor(world: World): Promise<Account & RecordAccount> {
  const { database, config, provider, doubtIsFinal, poisoned } = world;
  const { topics } = config.kafka;
  const rows = await selectFinalRows(database);
  const keys = await Array.fromAsync(readLedgerKeys(provider.ledgerFile));
  const account = settleAccount(rows, keys, { doubtIsFinal, bounced: await selectBounces(database) });
  const records = await world.records();
  const lostPoison = findLostPoison(poisoned, records, topics.deadLetter);
  const lostLetters = findLostLetters(rows, records, topics);
  const lostRecords = findLostRecords(await selectPublications(database), records, topics);
  const unexplained = findUnexplained({ rows, poisoned, records, topics });
  return {
    ...account,
    violations: [...account.violations, ...lostPoison, ...lostLetters, ...lostRecords, ...unexplained],
    poisonLost: lostPoison.length,
    lettersLost: lostLetters.length,
    recordsLost: lostRecords.length,
    unexplained: unexplained.length,
  };
}

function factsOf(world: World, watch: Watch, startedAt: number) {
  return {
    blows: watch.blows(),
    crashes: world.fleet.crashes(),
    seconds: Math.round((performance.now() - startedAt) / 1_000),
  };
}

function statusLine(states: StateCounts, { fleet }: World, startedAt: number): string {
  return [
    clock(startedAt),
    `delivered ${states.delivered.toLocaleString('en')} of ${states.total.toLocaleString('en')}`,
    `under way ${states.pending - states.held + states.sending + states.sent}`,
    `in doubt ${states.inDoubt}`,
    `failed ${states.failed}`,
    `dispatchers ${fleet.size()}`,
  ].join('  ');
}

function recoveryLine({ kind, recoveredAfterMs = 0 }: Blow, startedAt: number): string {
  return `${clock(startedAt)}  ${kind.padEnd(12)}recovered after ${(recoveredAfterMs / 1_000).toFixed(1)} s`;
}

/** `mm:ss` since the run began. */
function clock(startedAt: number): string {
  const seconds = Math.floor((performance.now() - startedAt) / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
