import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askSettings } from '../../../src/cli/init/askSettings.ts';
import { answerProblem } from '../../../src/operations/initSettings.ts';

/** A person who types these answers, in turn. */
function person(...answers: string[]) {
  const asked: string[] = [];
  const told: string[] = [];
  const answer = (question: string, byDefault = ''): Promise<string> => {
    asked.push(question);
    return Promise.resolve(answers.shift() || byDefault);
  };
  return { asked, told, ask: answer, askSecret: answer, say: (line: string) => void told.push(line) };
}

function anything(): undefined {
  return undefined;
}

describe('the questions of init', () => {
  it('come again until the answer can be used, and what was answered is kept', async () => {
    const somebody = person(
      ...['kafka1', 'kafka1:9092', 'mysql://x', 'postgres://me@db/bills', 'sent', 'http'],
      ...['', 'gateway', 'https://gateway/email', '', 'simulated', ''],
    );
    const problemOf = (name: string, text: string) => answerProblem(name, text, {});
    const { CIPHER_KEYS: _, ...rest } = await askSettings(somebody, {}, problemOf);
    assert.deepEqual(rest, {
      KAFKA_BROKERS: 'kafka1:9092',
      DATABASE_URL: 'postgres://me@db/bills',
      PROVIDER_EMAIL: 'http',
      HTTP_EMAIL_URL: 'https://gateway/email',
      PROVIDER_SMS: 'simulated',
    });
    const about = [
      'KAFKA_BROKERS ',
      'DATABASE_URL ',
      'there is no provider sent',
      'HTTP_EMAIL_URL is needed',
    ];
    assert.deepEqual(
      somebody.told.map((line, index) => line.startsWith(about[index] ?? 'HTTP_EMAIL_URL ')),
      [true, true, true, true, true],
    );
  });

  it('make embedded servers, simulated providers and a new key of empty answers', async () => {
    const { CIPHER_KEYS: keys, ...rest } = await askSettings(person(), {}, anything);
    assert.deepEqual(rest, { PROVIDER_EMAIL: 'simulated', PROVIDER_SMS: 'simulated' });
    assert.match(keys ?? '', /^\d{4}a:[A-Za-z0-9+/]{43}=$/);
  });

  it('ask for URL and token of a gateway, and not for what is given', async () => {
    const somebody = person('db', 'http', 'https://gateway/email', 'secret', '', 'k:key');
    assert.deepEqual(await askSettings(somebody, { KAFKA_BROKERS: 'k:9092' }, anything), {
      KAFKA_BROKERS: 'k:9092',
      DATABASE_URL: 'db',
      PROVIDER_EMAIL: 'http',
      HTTP_EMAIL_URL: 'https://gateway/email',
      HTTP_EMAIL_TOKEN: 'secret',
      PROVIDER_SMS: 'simulated',
      CIPHER_KEYS: 'k:key',
    });
    assert.ok(somebody.asked.every((question) => !question.includes('Kafka')));
  });

  it('ask for what the file of a provider needs for this channel', async () => {
    const somebody = person(
      '',
      '',
      'postmark',
      'token',
      'bills@example.com',
      'sens',
      'access',
      'secret',
      'ncp:sms:kr:1',
    );
    const { CIPHER_KEYS: _, ...rest } = await askSettings(somebody, { SENS_FROM: '0212345678' }, anything);
    assert.deepEqual(rest, {
      SENS_FROM: '0212345678',
      PROVIDER_EMAIL: 'postmark',
      POSTMARK_TOKEN: 'token',
      POSTMARK_FROM: 'bills@example.com',
      PROVIDER_SMS: 'sens',
      SENS_ACCESS_KEY: 'access',
      SENS_SECRET_KEY: 'secret',
      SENS_SMS_SERVICE_ID: 'ncp:sms:kr:1',
    });
    assert.ok(somebody.asked.some((question) => question === "POSTMARK_TOKEN: the server's API token"));
  });
});
