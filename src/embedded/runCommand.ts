import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
}

export type RunOutcome =
  | { readonly kind: 'done'; readonly output: string }
  | { readonly kind: 'failed'; readonly output: string; readonly cause: Error }
  | { readonly kind: 'missing'; readonly cause: Error };

/** If a folder of PATH cannot be read, the error is EACCES instead of ENOENT. */
const notRunnable = ['ENOENT', 'EACCES'];

/**
 * Runs a command to its end; `output` is all it wrote. Never rejects: a missing command is an outcome too.
 */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<RunOutcome> {
  return new Promise((resolve) => {
    execFile(command, args, { ...options, maxBuffer: 16_000_000 }, (cause, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      if (cause === null) resolve({ kind: 'done', output });
      else if (notRunnable.includes(String(cause.code))) resolve({ kind: 'missing', cause });
      else resolve({ kind: 'failed', output, cause });
    });
  });
}
