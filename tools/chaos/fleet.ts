import { join } from 'node:path';
import { projectDir } from '../../src/lib/projectDir.ts';
import { type Child, killChild, startChild } from './child.ts';

/*
 * The dispatchers of a run. One that crashes is restarted after a second, as a process manager would. One
 * that a fault ended is restarted by that fault.
 */

export interface FleetMember {
  readonly number: number;
  readonly child: Child;
  /** It consumes. A fault before that would only delay its start. */
  readonly isReady: () => boolean;
}

export interface Fleet {
  add(): void;
  /** The dispatchers that consume and are not taken by a fault. */
  available(): readonly FleetMember[];
  /** No other fault chooses it until it is given back. */
  take(dispatcher: FleetMember): void;
  giveBack(dispatcher: FleetMember): void;
  /** A fault is about to end it: it is not restarted as crashed. */
  giveUp(dispatcher: FleetMember): void;
  /** How many crashed. */
  crashes(): number;
  size(): number;
  /** Kills all; complete when it resolves. */
  close(): Promise<void>;
}

const restartAfterMs = 1_000;

export function createFleet(options: {
  folder: string;
  logsFolder: string;
  settings: Record<string, string>;
  onCrash: (number: number) => void;
}): Fleet {
  const { folder, logsFolder, settings, onCrash } = options;
  const living = new Set<FleetMember>();
  const taken = new Set<FleetMember>();
  const givenUp = new Set<FleetMember>();
  let started = 0;
  let crashes = 0;
  let closed = false;

  const add = (): void => {
    if (closed) return;
    const dispatcher = startDispatcher(++started, { folder, logsFolder, settings });
    living.add(dispatcher);
    void dispatcher.child.exited.then(() => {
      living.delete(dispatcher);
      taken.delete(dispatcher);
      if (givenUp.delete(dispatcher) || closed) return;
      crashes++;
      onCrash(dispatcher.number);
      setTimeout(add, restartAfterMs);
    });
  };

  return {
    add,
    available: () => [...living].filter((one) => one.isReady() && !taken.has(one)),
    take: (dispatcher) => taken.add(dispatcher),
    giveBack: (dispatcher) => taken.delete(dispatcher),
    giveUp: (dispatcher) => givenUp.add(dispatcher),
    crashes: () => crashes,
    size: () => living.size,
    async close() {
      closed = true;
      await Promise.all([...living].map(({ child }) => killChild(child)));
    },
  };
}

/** The inspector, which SIGUSR1 opens on any free port, is how a thread is reached from outside. */
function startDispatcher(
  number: number,
  options: { folder: string; logsFolder: string; settings: Record<string, string> },
): FleetMember {
  const { folder, logsFolder, settings } = options;
  const child = startChild({
    args: ['--inspect-port=0', join(projectDir, 'src', 'main.ts')],
    folder,
    settings,
    logFile: join(logsFolder, `dispatcher-${number}.log`),
  });
  let ready = false;
  child.process.once('message', () => {
    ready = true;
  });
  return { number, child, isReady: () => ready };
}
