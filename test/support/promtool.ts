import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDir } from '../../src/lib/projectDir.ts';

const run = promisify(execFile);
const folder = join(projectDir, '.billcast', 'prometheus');

/**
 * The folder with Prometheus and promtool: those of Debian's package, fetched once by apt and not installed.
 * Undefined if apt cannot fetch it here.
 */
export async function findPrometheus(): Promise<string | undefined> {
  const bin = join(folder, 'usr', 'bin');
  if (existsSync(join(bin, 'promtool'))) return bin;
  const temporary = await mkdtemp(join(tmpdir(), 'billcast-prometheus-'));
  try {
    await run('apt-get', ['download', 'prometheus'], { cwd: temporary, timeout: 60_000 });
    const [archive] = (await readdir(temporary)).filter((name) => name.endsWith('.deb'));
    if (archive === undefined) return undefined;
    const unpacked = join(temporary, 'unpacked');
    await run('dpkg-deb', ['-x', join(temporary, archive), unpacked]);
    await mkdir(join(projectDir, '.billcast'), { recursive: true });
    await rename(unpacked, folder).catch(() => undefined);
    return existsSync(join(bin, 'promtool')) ? bin : undefined;
  } catch {
    return undefined;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
