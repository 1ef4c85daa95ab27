import assert from 'node:assert/strict';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createTokenSource } from '../../src/kafka/kafkaSasl.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
const mechanism = 'oauthbearer';

describe('the token for a login', () => {
  it('is what the file holds at the moment', async () => {
    let now = 0;
    const file = join(folder, 'token');
    writeFileSync(file, 'first\n');
    const next = createTokenSource({ mechanism, tokenFrom: 'file', file }, () => now);
    assert.equal(await next(), 'first');
    writeFileSync(file, 'second');
    assert.equal(await next(), 'first', 'shared by connections that are made at the same time');
    now = 10_000;
    assert.equal(await next(), 'second');
  });

  it('is asked of the command once for all connections of a moment', async () => {
    const script = join(folder, 'token.sh');
    writeFileSync(script, `#!/bin/sh\necho ran >> ${folder}/runs\nwc -l < ${folder}/runs\n`);
    chmodSync(script, 0o700);
    const next = createTokenSource({ mechanism, tokenFrom: 'command', command: script });
    assert.deepEqual(await Promise.all([next(), next(), next()]), ['1', '1', '1']);
  });

  it('that cannot be read is reported without the output of the command', async () => {
    const command = 'echo secret; echo hush >&2; exit 3';
    const next = createTokenSource({ mechanism, tokenFrom: 'command', command });
    await assert.rejects(next(), (error: Error) => {
      assert.match(error.message, /KAFKA_SASL_TOKEN_COMMAND gave no token: it ended with 3/);
      assert.doesNotMatch(`${error.message} ${error.cause}`, /secret|hush/);
      return true;
    });
  });

  it('is no empty text and none of several words', async () => {
    for (const text of ['', '\n', 'two words']) {
      await assert.rejects(
        createTokenSource({ mechanism, tokenFrom: 'command', command: `printf '${text}'` })(),
        { code: 'KAFKA_SETTINGS' },
      );
    }
  });

  it('is waited for only if there was one before', async () => {
    let now = 0;
    const file = join(folder, 'sometimes');
    const next = createTokenSource({ mechanism, tokenFrom: 'file', file }, () => now);
    await assert.rejects(next(), (error: Error) => !('retriable' in error));
    writeFileSync(file, 'token');
    await next();
    rmSync(file);
    now = 10_000;
    await assert.rejects(next(), { retriable: true });
  });
});
