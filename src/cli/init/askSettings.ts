import { type Channel, channels, usualOrder } from '../../channels.ts';
import type { SettingValues } from '../../config/envFile.ts';
import { newCipherKey } from '../../operations/initSettings.ts';
import { settingsOfMapped } from '../../providers/mapped/mapped.ts';
import type { Questions } from './terminalQuestions.ts';

/** Asks for the settings that a first run needs. What is given already is not asked for. */
export async function askSettings(
  questions: Pick<Questions, 'ask' | 'askSecret'>,
  given: SettingValues,
): Promise<SettingValues> {
  const values: Record<string, string> = { ...given };
  const keep = (name: string, value: string): void => {
    if (value !== '') values[name] = value;
  };
  const isGiven = (name: string): boolean => name in given || `${name}_FILE` in given;

  if (!isGiven('KAFKA_BROKERS')) {
    keep(
      'KAFKA_BROKERS',
      await questions.ask('Kafka brokers, host:port with commas between; empty for the embedded one'),
    );
  }
  if (!isGiven('DATABASE_URL')) {
    keep(
      'DATABASE_URL',
      await questions.ask('PostgreSQL, postgres://user:password@host/database; empty for the embedded one'),
    );
  }
  for (const channel of usualOrder) {
    const ownDir = given.PROVIDERS_DIR;
    const known = (name: string): boolean => isGiven(name) || name in values;
    Object.assign(values, await askProvider(questions, { channel, isGiven: known, ownDir }));
  }
  if (!isGiven('CIPHER_KEYS')) {
    const keys = await questions.askSecret(
      'CIPHER_KEYS that the billing batch encrypts with, keyId:base64; empty makes a new key',
    );
    keep('CIPHER_KEYS', keys === '' ? newCipherKey(new Date()) : keys);
  }
  return values;
}

interface ProviderFacts {
  readonly channel: Channel;
  readonly isGiven: (name: string) => boolean;
  /** `PROVIDERS_DIR` */
  readonly ownDir: string | undefined;
}

async function askProvider(
  { ask, askSecret }: Pick<Questions, 'ask' | 'askSecret'>,
  { channel, isGiven, ownDir }: ProviderFacts,
): Promise<SettingValues> {
  const name = `PROVIDER_${channel}`;
  if (isGiven(name)) return {};
  const { label } = channels[channel];
  const provider = await ask(
    `Provider of ${label}: simulated (sends nothing), http (a gateway), smtp (a mail server), or one of docs/providers.md`,
    'simulated',
  );
  if (provider === 'smtp') {
    const url = await askSecret('Mail server, smtp://user:password@mail.example.com:587');
    return { [name]: provider, SMTP_URL: url, SMTP_FROM: await ask('Sender, Billing <bill@example.com>') };
  }
  if (provider !== 'http') {
    const answers: Record<string, string> = { [name]: provider };
    for (const setting of settingsOfMapped(provider, channel, ownDir)) {
      if (isGiven(setting.name)) continue;
      const question = `${setting.name}: ${setting.about}`;
      answers[setting.name] = setting.secret ? await askSecret(question) : await ask(question);
    }
    return answers;
  }
  const url = await ask(`URL of the gateway for ${label}`);
  const token = await askSecret(`Token of the gateway for ${label}; empty for none`);
  return {
    [name]: provider,
    [`HTTP_${channel}_URL`]: url,
    ...(token === '' ? {} : { [`HTTP_${channel}_TOKEN`]: token }),
  };
}
