import { readFile, writeFile } from 'node:fs/promises';
import { withLock } from '../../src/embedded/lock.ts';

/** Adds one to the number in a file, as often as said, each time under the lock. */
const [path = '', counter = '', times = '0'] = process.argv.slice(2);
for (let n = 0; n < Number(times); n++) {
  await withLock({ path }, async () =>
    writeFile(counter, String(Number(await readFile(counter, 'utf8')) + 1)),
  );
}
