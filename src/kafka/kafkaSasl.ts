import type { KafkaConfig, Mechanism } from 'kafkajs';
import { readToken } from '../lib/readToken.ts';
import type { SaslOptions } from './kafkaSecurity.ts';

/** The login as kafkajs expects it. */
export function saslOptionsOf(sasl: SaslOptions): NonNullable<KafkaConfig['sasl']> {
  switch (sasl.mechanism) {
    case 'plain':
      return { mechanism: 'plain', username: sasl.username, password: sasl.password };
    case 'scram-sha-256':
      return { mechanism: 'scram-sha-256', username: sasl.username, password: sasl.password };
    case 'scram-sha-512':
      return { mechanism: 'scram-sha-512', username: sasl.username, password: sasl.password };
    case 'oauthbearer':
      return bearerMechanism(createTokenSource(sasl));
    default:
      return sasl satisfies never;
  }
}

/**
 * OAUTHBEARER (RFC 7628) that reads the answer: a broker reports a refused token in bytes that kafkajs does
 * not read. kafkajs would only see a closed connection later.
 */
function bearerMechanism(nextToken: () => Promise<string>): Mechanism {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      authenticate: async () => {
        const message = Buffer.from(`n,,\u0001auth=Bearer ${await nextToken()}\u0001\u0001`);
        const size = Buffer.alloc(4);
        size.writeInt32BE(message.length);
        await saslAuthenticate({
          request: { encode: () => Buffer.concat([size, message]) },
          response: { decode: (answer) => answer.subarray(4), parse: refuseAnswer },
        });
      },
    }),
  };
}

/** The answer to an accepted token is empty. */
function refuseAnswer(answer: Buffer): void {
  if (answer.length === 0) return;
  const status = /"status"\s*:\s*"(\w{1,64})"/.exec(answer.toString())?.[1] ?? 'no reason given';
  throw Object.assign(new Error(`the token was refused: ${status}`), {
    type: 'SASL_AUTHENTICATION_FAILED',
    retriable: false,
  });
}

type TokenSettings = Extract<SaslOptions, { mechanism: 'oauthbearer' }>;

/** Several connections are opened at the same time, and share one token. */
const sharedForMs = 5_000;

/**
 * Provides a token per login: from the file as it is at that moment, or from the command. After a first
 * success a failure counts as retriable: the source of tokens may be away for a while.
 */
export function createTokenSource(
  settings: TokenSettings,
  now: () => number = () => performance.now(),
): () => Promise<string> {
  let shared: { readonly at: number; readonly token: Promise<string> } | undefined;
  let hasWorked = false;
  const ask = async (): Promise<string> => {
    try {
      const token = await readFrom(settings);
      hasWorked = true;
      return token;
    } catch (error) {
      shared = undefined;
      throw hasWorked && error instanceof Error ? Object.assign(error, { retriable: true }) : error;
    }
  };
  return () => {
    if (shared === undefined || now() - shared.at > sharedForMs) shared = { at: now(), token: ask() };
    return shared.token;
  };
}

function readFrom(settings: TokenSettings): Promise<string> {
  const code = 'KAFKA_SETTINGS';
  return settings.tokenFrom === 'file'
    ? readToken({ from: 'file', file: settings.file }, { setting: 'KAFKA_SASL_TOKEN_FILE', code })
    : readToken(
        { from: 'command', command: settings.command },
        { setting: 'KAFKA_SASL_TOKEN_COMMAND', code },
      );
}
