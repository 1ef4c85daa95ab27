import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/*
 * A run that is killed with -9 cannot end its processes. So the first that it starts is one that outlives it: in a
 * session of its own, it does nothing until its standard input ends, which only the end of the run brings about.
 */

/** Starts it; what it returns sends it away, once there is nothing left for it to do. */
export function startReaper(folder: string, logFile: string): () => Promise<void> {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [program, folder], { detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  const exited = once(child, 'exit');
  // A run that fails while it cleans up ends all the same, and leaves the rest to it.
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return async () => {
    child.ref();
    child.kill('SIGKILL');
    await exited;
  };
}

const program = fileURLToPath(new URL('./reaperProcess.ts', import.meta.url));
