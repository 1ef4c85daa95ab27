import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { BillcastError } from '../../../src/errors.ts';
import { postfixFolder } from '../system/childEnvironment.ts';

/** About the size of the mail of a benchmark's bill with 8 items. */
const mailBytes = 17_300;
const mails = 30_000;

/**
 * Where Postfix's test programs are.
 * @throws BillcastError CONFIG_INVALID without the setting
 */
export function postfixProgram(name: 'smtp-sink' | 'smtp-source'): string {
  const folder = postfixFolder();
  if (folder === undefined) {
    throw new BillcastError(
      'CONFIG_INVALID',
      `set POSTFIX_SBIN to the folder of ${name}: /usr/sbin with the package postfix`,
    );
  }
  return join(folder, name);
}

/** Mails per second that smtp-source sends on so many connections, each of which carries many mails. */
export async function measureSmtpSource(port: number, connections: number): Promise<number> {
  const sinceMs = performance.now();
  const args = ['-d', '-s', `${connections}`, '-m', `${mails}`, '-l', `${mailBytes}`, `127.0.0.1:${port}`];
  const [code] = await once(spawn(postfixProgram('smtp-source'), args, { stdio: 'inherit' }), 'exit');
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`);
  return (mails * 1_000) / (performance.now() - sinceMs);
}
