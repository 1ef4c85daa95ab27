import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/*
 * A run that is killed with -9 cannot end its processes. So it first starts a reaper that outlives it: a
 * process in a new session that waits until its standard input closes, which happens only when the run ends.
 */

/** Starts the reaper. @returns a function that ends it, once there is nothing left to clean up */
export function startReaper(folder: string, logFile: string): () => Promise<void> {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [program, folder], { detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  const exited = once(child, 'exit');
  // A run that fails during its clean-up must still exit, and leaves the rest to the reaper.
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return async () => {
    child.ref();
    child.kill('SIGKILL');
    await exited;
  };
}

const program = fileURLToPath(new URL('./reaperProcess.ts', import.meta.url));
