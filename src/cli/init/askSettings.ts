import { type Channel, channels, usualOrder } from '../../channels.ts';
import type { SettingValues } from '../../config/envFile.ts';
import { newCipherKey } from '../../operations/initSettings.ts';
import type { SettingQuestion } from '../../providers/providerKind.ts';
import { questionsAbout } from '../../providers/providerTraits.ts';
import { usualProvider } from '../../providers/registry.ts';
import type { Questions } from './terminalQuestions.ts';

/** What a question is about, and how it is asked. */
interface Asked extends SettingQuestion {
  readonly byDefault?: string;
}

type Answer = (asked: Asked) => Promise<string>;

/**
 * Asks for the settings that a first run needs, except those that are given already.
 * @param problemOf what is wrong with an answer: then the question is asked again, and nothing is lost
 */
export async function askSettings(
  questions: Pick<Questions, 'ask' | 'askSecret' | 'say'>,
  given: SettingValues,
  problemOf: (name: string, text: string) => string | undefined,
): Promise<SettingValues> {
  const values: Record<string, string> = { ...given };
  const isGiven = (name: string): boolean => name in given || `${name}_FILE` in given || name in values;
  const answer = answerer(questions, problemOf);
  const keep = async (asked: Asked): Promise<void> => {
    const text = isGiven(asked.name) ? '' : await answer(asked);
    if (text !== '') values[asked.name] = text;
  };
  await keep({
    name: 'KAFKA_BROKERS',
    question: 'Kafka brokers, host:port with commas between; empty for the embedded one',
  });
  await keep({
    name: 'DATABASE_URL',
    question: 'PostgreSQL, postgres://user:password@host/database; empty for the embedded one',
    // Hidden, because it is often pasted with its password.
    isSecret: true,
  });
  for (const channel of usualOrder) {
    const ownDir = given.PROVIDERS_DIR;
    Object.assign(values, await askProvider(answer, { channel, isGiven, ownDir }));
  }
  await keep({
    name: 'CIPHER_KEYS',
    question: 'CIPHER_KEYS that the billing batch encrypts with, keyId:base64; empty makes a new key',
    isSecret: true,
  });
  if (!isGiven('CIPHER_KEYS')) values.CIPHER_KEYS = newCipherKey(new Date());
  return values;
}

/** Asks until the answer can be used. */
function answerer(
  { ask, askSecret, say }: Pick<Questions, 'ask' | 'askSecret' | 'say'>,
  problemOf: (name: string, text: string) => string | undefined,
): Answer {
  const lacks = ({ name, isNeeded }: Asked): string | undefined =>
    isNeeded === true ? `${name} is needed` : undefined;
  return async (asked) => {
    const { name, question, byDefault, isSecret } = asked;
    for (;;) {
      const text = isSecret === true ? await askSecret(question) : await ask(question, byDefault);
      const problem = text === '' ? lacks(asked) : problemOf(name, text);
      if (problem === undefined) return text;
      say(problem);
    }
  };
}

interface ProviderFacts {
  readonly channel: Channel;
  readonly isGiven: (name: string) => boolean;
  /** `PROVIDERS_DIR` */
  readonly ownDir: string | undefined;
}

async function askProvider(
  answer: Answer,
  { channel, isGiven, ownDir }: ProviderFacts,
): Promise<SettingValues> {
  const name = `PROVIDER_${channel}`;
  if (isGiven(name)) return {};
  const { label, contact } = channels[channel];
  const mail = contact === 'email' ? ' smtp (a mail server),' : '';
  const provider = await answer({
    name,
    question: `Provider of ${label}: simulated (sends nothing), http (a gateway),${mail} or one of docs/providers.md`,
    byDefault: usualProvider,
  });
  const answers: Record<string, string> = { [name]: provider };
  for (const asked of questionsAbout(provider, channel, ownDir)) {
    const text = isGiven(asked.name) ? '' : await answer(asked);
    if (text !== '') answers[asked.name] = text;
  }
  return answers;
}
