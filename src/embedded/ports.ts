import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';

/** Below the port ranges of outgoing connections on Linux and macOS. */
const lowest = 20_000;
const count = 12_000;

/**
 * The port in the file if it is free on 127.0.0.1; else another free one, which is written to the file. So
 * addresses stay the same from run to run.
 * @param reserved ports never to choose
 */
export async function keepPort(file: string, ...reserved: readonly number[]): Promise<number> {
  const known = await readPort(file);
  if (known !== undefined && !reserved.includes(known) && (await isFree(known))) return known;
  for (;;) {
    const port = lowest + Math.floor(Math.random() * count);
    if (reserved.includes(port) || !(await isFree(port))) continue;
    await writeFile(file, `${port}\n`);
    return port;
  }
}

/** The port in the file; undefined if there is none. */
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
