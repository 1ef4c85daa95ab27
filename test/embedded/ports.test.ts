import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { keepPort, readPort } from '../../src/embedded/ports.ts';
import { temporaryFolder } from './embeddedFixture.ts';

test('a port is kept while it is free, and another chosen if it is taken or reserved', async (t) => {
  const file = join(await temporaryFolder(t), 'port');
  const port = await keepPort(file);
  assert.equal(await keepPort(file), port);
  assert.notEqual(await keepPort(file, port), port);
  await writeFile(file, `${port}\n`);
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const chosen = await keepPort(file);
  assert.notEqual(chosen, port);
  assert.equal(await readPort(file), chosen);
});

test('what is not a port is not read as one', async (t) => {
  const file = join(await temporaryFolder(t), 'port');
  assert.equal(await readPort(file), undefined);
  for (const text of ['', 'none', '0', '65536', '-1', '1.5']) {
    await writeFile(file, text);
    assert.equal(await readPort(file), undefined, text);
  }
});
