import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseEnv } from 'node:util';
import { formatEnvFile, isSettingName } from '../../src/config/envFile.ts';

describe('a .env that is written', () => {
  const values = [
    'plain',
    'a b',
    'p#ss',
    "it's",
    'say "hi"',
    '=x=',
    'postgres://u:p%40@h/d?sslmode=verify-full',
    'a\nb',
    'a\\nb',
    '',
  ];

  it('is read back unchanged', () => {
    for (const value of values) {
      assert.deepEqual({ ...parseEnv(formatEnvFile({ PGP_PASSPHRASE: value })) }, { PGP_PASSPHRASE: value });
    }
  });

  it('holds no value with every kind of quote', () => {
    assert.throws(() => formatEnvFile({ PGP_PASSPHRASE: `'"\`` }), /NAME_FILE/);
  });

  it('has settings of billcast only, and the files of secrets', () => {
    assert.deepEqual(
      ['KAFKA_BROKERS', 'DATABASE_URL_FILE', 'KAFKA_BROKERS_FILE', 'KAFKA_BROKER'].map(isSettingName),
      [true, true, false, false],
    );
  });
});
