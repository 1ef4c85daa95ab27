import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { KafkaConfig, Mechanism } from 'kafkajs';
import { BillcastError } from '../errors.ts';
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
const commandMs = 30_000;

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
      const token = await readToken(settings);
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

async function readToken(settings: TokenSettings): Promise<string> {
  const name = settings.tokenFrom === 'file' ? 'KAFKA_SASL_TOKEN_FILE' : 'KAFKA_SASL_TOKEN_COMMAND';
  const token = (await readTokenText(settings, name)).trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new BillcastError('KAFKA_SETTINGS', `${name} gave ${token === '' ? 'nothing' : 'no token'}.`);
}

async function readTokenText(settings: TokenSettings, name: string): Promise<string> {
  try {
    if (settings.tokenFrom === 'file') return await readFile(settings.file, 'utf8');
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', settings.command], { timeout: commandMs });
    return stdout;
  } catch (cause) {
    throw new BillcastError('KAFKA_SETTINGS', `${name} gave no token: ${whyOf(cause)}.`, {
      // The command's output may be a secret.
      cause: new Error(whyOf(cause)),
    });
  }
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('killed' in error && error.killed === true) return `it took longer than ${commandMs / 1_000} s`;
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? `it ended with ${code}` : String(code ?? error.name);
}
