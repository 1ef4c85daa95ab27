import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { BillcastError, type ErrorCode } from '../errors.ts';

/** Where a token for a login comes from: a file that is kept up to date, or a command that prints it. */
export type TokenOrigin =
  | { readonly from: 'file'; readonly file: string }
  | { readonly from: 'command'; readonly command: string };

const commandMs = 30_000;

/**
 * Reads a token, without the space around it.
 * @param setting that names the file or the command, for the error
 * @throws BillcastError with that code; it quotes nothing of what was read
 */
export async function readToken(
  origin: TokenOrigin,
  { setting, code }: { readonly setting: string; readonly code: ErrorCode },
): Promise<string> {
  let text: string;
  try {
    text = await readText(origin);
  } catch (cause) {
    // The command's output may be a secret.
    const why = whyOf(cause);
    throw new BillcastError(code, `${setting} gave no token: ${why}.`, { cause: new Error(why) });
  }
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new BillcastError(code, `${setting} gave ${token === '' ? 'nothing' : 'no token'}.`);
}

async function readText(origin: TokenOrigin): Promise<string> {
  if (origin.from === 'file') return readFile(origin.file, 'utf8');
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', origin.command], { timeout: commandMs });
  return stdout;
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('killed' in error && error.killed === true) return `it took longer than ${commandMs / 1_000} s`;
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? `it ended with ${code}` : String(code ?? error.name);
}
