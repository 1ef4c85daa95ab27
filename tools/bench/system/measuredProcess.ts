import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { benchDir } from './benchServers.ts';

/** A process that is measured. Its output goes to its log file. */
export interface MeasuredProcess {
  readonly pid: number;
  /** The last message that it sent. The first one says that it works. */
  said(): unknown;
  /** Why it ended, if it has. It should not before `stop`. */
  ended(): string | undefined;
  /** Ends it by SIGTERM. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it by SIGKILL, as a crash would. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts a module of the project. Resolves when the process says that it works. */
export async function startMeasuredProcess(
  module: string,
  { name, env, args = [] }: { name: string; env: NodeJS.ProcessEnv; args?: readonly string[] },
): Promise<MeasuredProcess> {
  const logFile = join(benchDir, `${name}.log`);
  const output = openSync(logFile, 'w');
  const child = fork(join(projectDir, module), args, {
    cwd: projectDir,
    env,
    stdio: ['ignore', output, output, 'ipc'],
  });
  let said: unknown;
  child.on('message', (message) => {
    said = message;
  });
  const exited = once(child, 'exit');
  const killChild = (): void => void child.kill('SIGKILL');
  process.once('exit', killChild);
  child.once('exit', () => process.off('exit', killChild));
  await Promise.race([once(child, 'message'), exited]);
  const ended = () => endOf(child, module, logFile);
  const why = ended();
  if (why !== undefined || child.pid === undefined) throw new Error(why ?? `${module} did not start`);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    pid: child.pid,
    said: () => said,
    ended,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function endOf({ exitCode, signalCode }: ChildProcess, module: string, logFile: string): string | undefined {
  return exitCode === null && signalCode === null
    ? undefined
    : `${module} ended with ${exitCode ?? signalCode}; see ${logFile}`;
}
