import type { Command } from 'commander';
import { Rates } from '../../api/live/rates.ts';
import { clearDatabaseError } from '../../db/clearError.ts';
import { sleep } from '../../lib/sleep.ts';
import type { OperationDeps } from '../../operations/operationDeps.ts';
import { dueBills } from '../../operations/personNeeds.ts';
import { readWatch, type WatchFacts } from '../../operations/readWatch.ts';
import { parseCount } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withKafka, withReadOnlySystem } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';
import { coloured, openFullScreen } from '../watch/fullScreen.ts';
import { oldText, type WatchLine, type WatchView, watchLine, watchLines } from '../watch/watchLines.ts';

interface WatchOptions {
  readonly every?: number;
  readonly untilDone?: boolean;
  readonly json?: boolean;
}

export function defineWatch(command: Command): void {
  addUsage(command, {
    examples: [
      ['watch', 'the month live, until q or Ctrl-C'],
      ['watch --until-done', 'and end when nothing is due any more'],
      ['watch --json --every 10 > run.jsonl', 'a line of JSON every ten seconds'],
    ],
  });
  command
    .description(
      'Shows bills by state, the rate and the time left, brakes, and what needs a person. On a terminal ' +
        'the screen is redrawn; elsewhere it prints a line per reading. It changes nothing.',
    )
    .option(
      '--every <seconds>',
      'the time between readings (default: 1, or 5 if not on a terminal)',
      parseCount,
    )
    .option('--until-done', 'end when no bill is due or on its way')
    .addOption(jsonOption('print each reading as one line of JSON'))
    .action((options: WatchOptions) => withReadOnlySystem((system) => watch(system, options)));
}

async function watch(system: System, options: WatchOptions): Promise<void> {
  const deps = await withKafka(system);
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop);
  const output = openOutput(options, stop);
  const rates = new Rates();
  let last: WatchFacts | undefined;
  let doneReadings = 0;
  try {
    while (!stopped.signal.aborted) {
      const askedAt = performance.now();
      const { facts, trouble } = await readAgain(deps, last);
      last = facts;
      rates.add(facts.counted);
      output.show({ facts, trouble, rates: rates.current(), timeZone: system.config.timeZone });
      doneReadings = isDone(facts) ? doneReadings + 1 : 0;
      // The counts may be a second old and lack what was released just now, so two readings are needed.
      if (options.untilDone && doneReadings > 1) break;
      // With more bills a count takes longer: counting must not be most of what the database does.
      await sleep(Math.max(output.everyMs, (performance.now() - askedAt) * 4), stopped.signal);
    }
  } finally {
    output.end();
  }
}

interface Output {
  readonly everyMs: number;
  show(view: WatchView): void;
  end(): void;
}

/** The whole screen of a terminal, lines, or JSON. */
function openOutput({ every, json }: WatchOptions, onQuit: () => void): Output {
  const { stdin, stdout } = process;
  if (json || !stdout.isTTY || !stdin.isTTY) {
    return {
      everyMs: (every ?? 5) * 1_000,
      show: (view) => {
        if (view.trouble !== null) printNote(oldText(view.trouble));
        if (json) printFacts({ ...view.facts, rates: view.rates }, { json });
        else stdout.write(`${watchLine(view)}\n`);
      },
      end: () => undefined,
    };
  }
  const screen = openFullScreen({ stdin, stdout }, onQuit);
  let last: readonly WatchLine[] = [];
  return {
    everyMs: (every ?? 1) * 1_000,
    show(view) {
      last = watchLines(view);
      screen.draw(last);
    },
    end() {
      screen.leave();
      stdout.write(`${last.map((one) => coloured(one, stdout)).join('\n')}\n`);
    },
  };
}

/** If the database is away for a moment, the watch goes on. Only the first reading must succeed. */
async function readAgain(
  deps: OperationDeps,
  last: WatchFacts | undefined,
): Promise<Pick<WatchView, 'facts' | 'trouble'>> {
  try {
    return { facts: await readWatch(deps), trouble: null };
  } catch (error) {
    if (last === undefined || clearDatabaseError(error) !== undefined) throw error;
    return { facts: last, trouble: error instanceof Error ? error.message : String(error) };
  }
}

/** Bills in doubt do not count, since they wait for a person. */
function isDone({ counted: { counts }, lag }: WatchFacts): boolean {
  return dueBills(counts) + counts.owed + (lag ?? 1) === 0;
}
