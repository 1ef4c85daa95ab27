import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askSettings } from '../../../src/cli/init/askSettings.ts';

/** A person who types these answers, in turn. */
function person(...answers: string[]) {
  const asked: string[] = [];
  const answer = (question: string, byDefault = ''): Promise<string> => {
    asked.push(question);
    return Promise.resolve(answers.shift() || byDefault);
  };
  return { asked, ask: answer, askSecret: answer };
}

describe('the questions of init', () => {
  it('make embedded servers, simulated providers and a new key of empty answers', async () => {
    const { CIPHER_KEYS: keys, ...rest } = await askSettings(person(), {});
    assert.deepEqual(rest, { PROVIDER_EMAIL: 'simulated', PROVIDER_SMS: 'simulated' });
    assert.match(keys ?? '', /^\d{4}a:[A-Za-z0-9+/]{43}=$/);
  });

  it('ask for URL and token of a gateway, and not for what is given', async () => {
    const somebody = person('db', 'http', 'https://gateway/email', 'secret', '', 'k:key');
    assert.deepEqual(await askSettings(somebody, { KAFKA_BROKERS: 'k:9092' }), {
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
    const { CIPHER_KEYS: _, ...rest } = await askSettings(somebody, { SENS_FROM: '0212345678' });
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
