import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { describe, it } from 'node:test';
import { perChannel } from '../../src/channels.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { BillcastError } from '../../src/errors.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const folder = useTemporaryFolder();

/** The messages about wrong settings, one line each. */
function problemsOf(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    assert.ok(error instanceof BillcastError && error.code === 'CONFIG_INVALID');
    return error.message.split('\n').slice(1);
  }
  return [];
}
function assertRefused(environment: Record<string, string>, about: RegExp): void {
  const problems = problemsOf(environment);
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.match(problems[0] ?? '', about);
}

/** No provider, as of a channel that `CHANNELS` does not name. */
const unused = perChannel(() => []);
function one(name: string) {
  return [{ name, weight: 1 }];
}

const production = { NODE_ENV: 'production', PROVIDER_EMAIL: 'simulated', PROVIDER_SMS: 'simulated' };
const developmentKey = Buffer.from('billcast-development-key-32-byte').toString('base64');
function key(fill: number, length = 32): string {
  return Buffer.alloc(length, fill).toString('base64');
}

describe('the settings', () => {
  it('let a PDF go with e-mails of providers that take files, and refuse it with the others', () => {
    const resend = { PROVIDER_EMAIL: 'resend', RESEND_API_KEY: 'k', RESEND_FROM: 'b@example.com' };
    const formsOf = (env: Record<string, string>) =>
      Object.keys(loadConfig({ ...resend, ...env }).providerSettings.mapped.resend?.mapping.send ?? {});
    assert.deepEqual(formsOf({}), ['email'], 'what is not used costs nothing');
    assert.deepEqual(formsOf({ ATTACH_PDF: 'true' }), ['email', 'emailWithFiles']);
    const { send, ...rest } = JSON.parse(readFileSync(join(projectDir, 'providers/nhn-email.json'), 'utf8'));
    const mute = { ...rest, send: { email: send.email } };
    writeFileSync(join(folder, 'mute.json'), JSON.stringify(mute));
    const nhn = { NHN_EMAIL_APP_KEY: 'a', NHN_EMAIL_SECRET_KEY: 's', NHN_EMAIL_FROM: 'b@example.com' };
    const own = { ...nhn, PROVIDERS_DIR: folder, PROVIDER_EMAIL: 'mute' };
    loadConfig(own);
    const refused =
      /ATTACH_PDF: billcast cannot send files by the provider mute; choose one of http, smtp, mailgun, nhn-email, postmark, resend, sendgrid, ses, or/;
    assert.throws(() => loadConfig({ ...own, ATTACH_PDF: 'true' }), refused);
  });

  it('are all there without an environment, as documented', () => {
    const config = loadConfig({});
    assert.deepEqual(config.kafka, {
      brokers: undefined,
      groupId: 'billcast',
      topics: {
        ...perChannel((channel) => `bill.${channel.toLowerCase()}`),
        deadLetter: 'bill.dlt',
      },
      resultTopic: 'bill.result',
      partitions: 8,
      sessionTimeoutMs: 10_000,
      security: { tls: undefined, sasl: undefined },
    });
    assert.deepEqual(
      [config.maxInFlight, config.claimTtlMs, config.startDeadlineMs, config.sendTimeoutMs],
      [20_000, 10_000, 5_000, 10_000],
    );
    assert.deepEqual([config.sweep.intervalMs, config.sweep.lookupHorizonMs], [5_000, 60_000]);
    assert.deepEqual(config.retransmit, { delayMs: 600_000, maxCycles: 3 });
    assert.deepEqual(config.providers, { ...unused, EMAIL: one('simulated'), SMS: one('simulated') });
    assert.deepEqual(config.ladder, standardLadder);
    const { simulated } = config.providerSettings;
    assert.deepEqual([simulated.delayMs, simulated.refusalRate], [1_000, 0.01]);
    assert.deepEqual([config.timeZone, config.production], ['Asia/Seoul', false]);
    assert.equal(config.database.url, undefined);
    assert.ok(isAbsolute(config.dataDir) && simulated.ledgerFile.startsWith(config.dataDir));
    assert.ok(config.poolThreads >= 1 && config.database.poolSize >= 2);
  });

  it('come from the environment', () => {
    const config = loadConfig({
      KAFKA_BROKERS: 'a:9092, b:9093',
      DATABASE_URL: 'postgres://u:p@h:5432/d',
      SIMULATED_SEED: '7',
      DATA_DIR: '/data',
      CIPHER_FIELDS: 'name:none, address:pgp',
      PGP_PASSPHRASE: 'open sesame',
      CIPHER_KEYS: `new:${key(1)},old:${key(2)}`,
      RETRANSMIT_DELAY_MS: '0',
      LOG_LEVEL: 'debug',
    });
    assert.deepEqual(config.kafka.brokers, ['a:9092', 'b:9093']);
    assert.equal(config.database.url, 'postgres://u:p@h:5432/d');
    assert.deepEqual(
      [config.providerSettings.simulated.seed, config.providerSettings.simulated.ledgerFile],
      [7, join('/data', 'ledger.jsonl')],
    );
    assert.deepEqual(config.cipher.fields, { name: 'none', address: 'pgp' });
    assert.deepEqual(
      config.cipher.keys.map(({ keyId }) => keyId),
      ['new', 'old'],
    );
    assert.deepEqual([config.retransmit.delayMs, config.logLevel], [0, 'debug']);
  });

  it('take an empty variable for an unset one', () => {
    const config = loadConfig({ KAFKA_BROKERS: '', CLAIM_TTL_MS: '', DATABASE_URL: '' });
    assert.deepEqual([config.kafka.brokers, config.claimTtlMs], [undefined, 10_000]);
  });

  it('draw a seed if none is set', () => {
    const seeds = new Set(Array.from({ length: 10 }, () => loadConfig({}).providerSettings.simulated.seed));
    assert.ok(seeds.size > 1);
  });

  it('cannot be changed', () => {
    const config = loadConfig({});
    assert.ok(Object.isFrozen(config));
    assert.throws(() => Object.assign(config, { claimTtlMs: 1 }), TypeError);
  });

  it('cannot be changed in their depth either', () => {
    const config = loadConfig({});
    assert.ok(Object.isFrozen(config.kafka) && Object.isFrozen(config.kafka.topics));
  });

  it('are of the project, wherever it is started from', () => {
    assert.ok(existsSync(join(projectDir, 'package.json')));
  });
});

describe('wrong settings', () => {
  it('are all reported together', () => {
    const problems = problemsOf({
      KAFKA_BROKERS: 'nowhere',
      TOPIC_EMAIL: 'bill email',
      DATABASE_URL: 'mysql://h/d',
      CLAIM_TTL_MS: 'ten',
      SIMULATED_REFUSAL_RATE: '1.5',
      TIME_ZONE: 'Seoul',
      CIPHER: 'rot13',
      CIPHER_KEYS: 'short:AAAA',
      CIPHER_FIELDS: 'shoeSize:none',
      LOG_LEVEL: 'loud',
    });
    const named = problems.map((line) => line.trim().split(/[ .]/)[0]);
    assert.deepEqual(named.sort(), [
      ...['CIPHER', 'CIPHER_FIELDS', 'CIPHER_KEYS', 'CLAIM_TTL_MS', 'DATABASE_URL', 'KAFKA_BROKERS'],
      ...['LOG_LEVEL', 'SIMULATED_REFUSAL_RATE', 'TIME_ZONE', 'TOPIC_EMAIL'],
    ]);
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['KAFKA_BROKERS', 'a:9092,'],
    ['KAFKA_BROKERS', 'http://a:9092'],
    ['KAFKA_BROKERS', 'a:99999'],
    ['KAFKA_BROKERS', 'a:0'],
    ['KAFKA_BROKERS', '::1:9092'],
    ['KAFKA_BROKERS', '[1.2.3.4]:9092'],
    ['KAFKA_TLS', 'perhaps'],
    ['KAFKA_SASL_MECHANISM', 'gssapi'],
    ['KAFKA_SESSION_TIMEOUT_MS', '100'],
    ['STOP_TIMEOUT_MS', '2147483648'],
    ['KAFKA_PARTITIONS', '100000'],
    ['MAX_IN_FLIGHT', '1'],
    ['MAX_IN_FLIGHT', '20.5'],
    ['BATCH_SIZE', '0'],
    ['RETRANSMIT_MAX_CYCLES', '0'],
    ['SIMULATED_SEED', '-1'],
    ['PROVIDER_SMS', 'pigeon'],
    ['HTTP_EMAIL_URL', 'gateway'],
    ['HTTP_EMAIL_URL', 'ftp://gateway/'],
    ['HTTP_SMS_TOKEN', 'two words'],
    ['HTTP_SMS_LOOKUP', 'perhaps'],
    ['HTTP_EMAIL_URL', 'https://gateway/mail#top'],
    ['HTTP_PROXY_URL', 'socks5://proxy'],
    ['HTTP_KEEP_ALIVE_MS', '-1'],
    ['HTTP_CONCURRENCY', '0'],
    ['HTTP_VERSION', '3'],
    ['CIPHER_KEYS', `a:${key(1, 16)}`],
    ['CIPHER_KEYS', `${key(1)}`],
    ['CIPHER_KEYS', `a:${key(1)},`],
    ['CIPHER_FIELDS', 'name'],
  ];
  for (const [name, value] of wrong) {
    it(`${name}=${value}`, () => assertRefused({ [name]: value }, new RegExp(name)));
  }

  it('are said in words of ours', () => {
    const wrong = {
      API_PORT: 'abc',
      DB_POOL_SIZE: '1.5',
      METRICS_PORT: '70000',
      SEND_TIMEOUT_MS: '-1',
      ATTACH_PDF: 'maybe',
      PDF_PASSWORD: 'birth',
    };
    assert.deepEqual(
      problemsOf(wrong)
        .map((line) => line.trim())
        .sort(),
      [
        'API_PORT must be a number',
        'ATTACH_PDF must be true or false',
        'DB_POOL_SIZE must be a whole number',
        'METRICS_PORT must be at most 65535',
        'PDF_PASSWORD must be one of none, phone',
        'SEND_TIMEOUT_MS must be at least 100',
      ],
    );
  });

  it('never repeat a secret', () => {
    const secret = Buffer.alloc(16, 'secret').toString('base64');
    assert.equal(
      problemsOf({ CIPHER_KEYS: `a:${secret}` })
        .join('')
        .includes(secret),
      false,
    );
    assert.equal(problemsOf({ DATABASE_URL: 'mysql://u:hunter2@h/d' }).join('').includes('hunter2'), false);
  });
});

describe('settings that contradict one another', () => {
  it('a horizon before the latest acceptance', () => {
    assertRefused({ LOOKUP_HORIZON_MS: '14999' }, /LOOKUP_HORIZON_MS.*15000/);
    assert.deepEqual(problemsOf({ LOOKUP_HORIZON_MS: '15000' }), []);
    assertRefused({ SEND_TIMEOUT_MS: '55001' }, /LOOKUP_HORIZON_MS/);
  });

  it('a look-up that proves "never" of requests that live on by HTTP/2', () => {
    const http = { PROVIDER_EMAIL: 'http', HTTP_EMAIL_URL: 'http://127.0.0.1:1/', HTTP_VERSION: '2' };
    assertRefused({ ...http, HTTP_EMAIL_LOOKUP: 'authoritative' }, /authoritative needs HTTP_VERSION=1\.1/);
    assert.deepEqual(problemsOf({ ...http, HTTP_EMAIL_LOOKUP: 'advisory' }), []);
    assertRefused({ ...http, HTTP_PROXY_URL: 'http://proxy:3128' }, /must be https for HTTP_VERSION=2/);
  });

  it('a simulated delay beyond the time limit of a send', () => {
    assertRefused({ SIMULATED_DELAY_MS: '10000' }, /SIMULATED_DELAY_MS/);
    assert.deepEqual(problemsOf({ SIMULATED_DELAY_MS: '9999' }), []);
  });

  it('a gateway without a URL', () => {
    const url = 'https://gateway/mail';
    assertRefused({ PROVIDER_EMAIL: 'http' }, /HTTP_EMAIL_URL/);
    assertRefused({ PROVIDER_SMS: 'http', HTTP_EMAIL_URL: url }, /HTTP_SMS_URL/);
    const { providers, providerSettings } = loadConfig({ PROVIDER_EMAIL: 'http', HTTP_EMAIL_URL: url });
    assert.deepEqual(providers, { ...unused, EMAIL: one('http'), SMS: one('simulated') });
    assert.deepEqual(providerSettings.http.gateways.EMAIL, { url, authorization: undefined, lookup: 'none' });
    assert.equal(providerSettings.http.concurrency, 8_000);
  });

  it('a gateway in the clear, in production; this machine is none', () => {
    const real = { ...production, CIPHER_KEYS: `a:${key(1)}`, PROVIDER_EMAIL: 'http' };
    const problems = (url: string) => problemsOf({ ...real, HTTP_EMAIL_URL: url });
    for (const url of ['http://gateway/mail', 'http://10.0.0.7/', 'http://localhost.example.com/']) {
      assert.match(problems(url).join(), /HTTP_EMAIL_URL must be https/, url);
    }
    for (const host of ['localhost:8090', '127.0.0.1', '[::1]:80', 'gw.localhost']) {
      assert.deepEqual(problems(`http://${host}/mail`), [], host);
    }
    assert.deepEqual(problems('https://gateway/mail'), []);
    assert.deepEqual(problemsOf({ PROVIDER_EMAIL: 'http', HTTP_EMAIL_URL: 'http://gateway/' }), []);
  });

  it('a user in the URL of a gateway beside a token; alone it is sent as Basic', () => {
    const settings = { PROVIDER_EMAIL: 'http', HTTP_EMAIL_URL: 'https://bill:c%40st@gateway/mail' };
    assertRefused({ ...settings, HTTP_EMAIL_TOKEN: 't' }, /HTTP_EMAIL_URL has a user.*HTTP_EMAIL_TOKEN/);
    const { EMAIL, SMS } = loadConfig({ ...settings, HTTP_SMS_TOKEN: 't' }).providerSettings.http.gateways;
    const authorization = `Basic ${Buffer.from('bill:c@st').toString('base64')}`;
    assert.deepEqual(EMAIL, { url: 'https://gateway/mail', authorization, lookup: 'none' });
    assert.equal(SMS.authorization, 'Bearer t');
  });

  it('a certificate without its key', () => {
    for (const name of ['HTTP_CERT_FILE', 'HTTP_KEY_FILE']) {
      assertRefused({ [name]: '/etc/x.pem' }, /HTTP_CERT_FILE and HTTP_KEY_FILE go together/);
    }
    assert.deepEqual(problemsOf({ HTTP_CERT_FILE: 'a', HTTP_KEY_FILE: 'b' }), []);
  });

  it('an authority that is believed before the latest acceptance; others may be asked early', () => {
    const url = 'http://gateway/';
    const both = { PROVIDER_EMAIL: 'http', PROVIDER_SMS: 'http', HTTP_EMAIL_URL: url, HTTP_SMS_URL: url };
    const early = { ...both, LOOKUP_HORIZON_MS: '14999' };
    assert.deepEqual(problemsOf(early), []);
    assertRefused({ ...early, HTTP_SMS_LOOKUP: 'authoritative' }, /LOOKUP_HORIZON_MS.*15000/);
  });

  it('the development key in production', () => {
    assertRefused(production, /CIPHER_KEYS/);
    assertRefused({ ...production, CIPHER_KEYS: `a:${key(1)},b:${developmentKey}` }, /CIPHER_KEYS/);
    assert.equal(loadConfig({ ...production, CIPHER_KEYS: `a:${key(1)}` }).production, true);
  });

  it('a provider that production does not name', () => {
    const named = { ...production, CIPHER_KEYS: `a:${key(1)}` };
    assertRefused({ ...named, PROVIDER_EMAIL: '' }, /PROVIDER_EMAIL must be set/);
    assertRefused({ ...named, PROVIDER_SMS: '' }, /PROVIDER_SMS must be set/);
    assert.deepEqual(loadConfig(named).providers, {
      ...unused,
      EMAIL: one('simulated'),
      SMS: one('simulated'),
    });
  });

  it('a provider that does not exist, and weights that mean nothing', () => {
    assertRefused({ PROVIDER_SMS: 'simulated:1,pigeon:2' }, /PROVIDER_SMS is pigeon: .*http/);
    assertRefused({ PROVIDER_SMS: 'simulated:1;http:2' }, /PROVIDER_SMS must be .* such as ses:80/);
  });

  it('several at once', () => {
    const environment = { ...production, LOOKUP_HORIZON_MS: '0', SIMULATED_DELAY_MS: '10000' };
    assert.equal(problemsOf(environment).length, 3);
  });

  it('one topic for two things, or a batch that is abandoned before its sends can end', () => {
    for (const environment of [
      { TOPIC_SMS: 'bill.email' },
      { TOPIC_DLT: 'bill.sms' },
      { TOPIC_RESULT: 'bill.dlt' },
      { BATCH_MAX_AGE_MS: '1000' },
    ]) {
      assert.equal(problemsOf(environment).length, 1, JSON.stringify(environment));
    }
  });
});
