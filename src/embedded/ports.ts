import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/** Below the ranges from which Linux and macOS take the ports of outgoing connections. */
const lowest = 20_000;
const count = 12_000;

/**
 * The port named in the file where it is still free on 127.0.0.1, or else a free one, which the file then names:
 * addresses stay the same from run to run. Never one of the ports `spokenFor`.
 */
export async function keepPort(file: string, ...spokenFor: readonly number[]): Promise<number> {
  const known = await readPort(file);
  if (known !== undefined && !spokenFor.includes(known) && (await isFree(known))) return known;
  for (;;) {
    const port = lowest + Math.floor(Math.random() * count);
    if (spokenFor.includes(port) || !(await isFree(port))) continue;
    await writeFile(file, `${port}\n`);
    return port;
  }
}

/** The port named in the file; undefined where there is none. */
export async function readPort(file: string): Promise<number | undefined> {
  const port = Number(await readFile(file, 'utf8').catch(() => ''));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
