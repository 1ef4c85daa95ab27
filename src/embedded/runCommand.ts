import { execFile } from 'node:child_process';

export interface CommandOptions {
  cwd?: string;
  uid?: number;
  gid?: number;
}

export type RunOutcome =
  | { tag: 'done'; output: string }
  | { tag: 'failed'; output: string; cause: Error }
  | { tag: 'missing'; cause: Error };

/** A folder of PATH that may not be entered turns the one code into the other. */
const notRunnable = ['ENOENT', 'EACCES'];

/** Runs a command to its end; `output` is all it wrote. A command that does not exist is an outcome, not a fault. */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<RunOutcome> {
  return new Promise((resolve) => {
    execFile(command, args, { ...options, maxBuffer: 16_000_000 }, (cause, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      if (cause === null) resolve({ tag: 'done', output });
      else if (notRunnable.includes(String(cause.code))) resolve({ tag: 'missing', cause });
      else resolve({ tag: 'failed', output, cause });
    });
  });
}
