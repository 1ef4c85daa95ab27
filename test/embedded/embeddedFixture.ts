import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EmbeddedServers } from '../../src/embedded/openEmbedded.ts';
import { jarsDir } from '../support/jarsDir.ts';

export function quiet(): void {}

/** A folder that only its owner may enter, gone after the test. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'billcast-embedded-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface OtherProcess {
  pid: number;
  servers: EmbeddedServers;
  /** Has it close the servers and waits for its end. */
  close(): Promise<void>;
  /** kill -9 */
  kill(): Promise<void>;
}

/** Another process that opens both servers. */
export async function openInOtherProcess(dataDir: string): Promise<OtherProcess> {
  const script = fileURLToPath(new URL('./opener.ts', import.meta.url));
  const child = spawn(process.execPath, ['--no-warnings', script, dataDir, jarsDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`opener.ts ended with ${code}`)));
  });
  const stop = async (act: () => void): Promise<void> => {
    act();
    await ended;
  };
  return {
    pid: child.pid ?? 0,
    servers: JSON.parse(line),
    close: () => stop(() => child.stdin.end()),
    kill: () => stop(() => child.kill('SIGKILL')),
  };
}
