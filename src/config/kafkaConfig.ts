import { isIPv6 } from 'node:net';
import { z } from 'zod';
import type { KafkaSecurity, SaslOptions } from '../kafka/kafkaSecurity.ts';

const file = z.string().min(1).optional();
const mostPorts = 65_535;

/** `host:port`; an IPv6 address stands in brackets, `[::1]:9092`. */
function isBroker(text: string): boolean {
  const [, host = '', port = ''] = /^(\[[^\]]+\]|[^\s:[\]]+):(\d{1,5})$/.exec(text) ?? [];
  const isHost = host.startsWith('[') ? isIPv6(host.slice(1, -1)) : host !== '';
  return isHost && Number(port) >= 1 && Number(port) <= mostPorts;
}

const brokers = z
  .string()
  .transform((text) => text.split(',').map((broker) => broker.trim()))
  .pipe(
    z
      .array(
        z
          .string()
          .refine(
            isBroker,
            'must be host:port, separated by commas; an IPv6 address in brackets ([::1]:9092), ' +
              'ports from 1 to 65535',
          ),
      )
      .min(1),
  )
  .optional();

/** The settings of the connection to Kafka, as a part of the schema of all settings. */
export const kafkaShape = {
  KAFKA_BROKERS: brokers,
  KAFKA_TLS: z.stringbool().default(false),
  KAFKA_TLS_CA_FILE: file,
  KAFKA_TLS_CERT_FILE: file,
  KAFKA_TLS_KEY_FILE: file,
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer']).optional(),
  KAFKA_SASL_USERNAME: z.string().min(1).optional(),
  KAFKA_SASL_PASSWORD: z.string().min(1).optional(),
  KAFKA_SASL_TOKEN_FILE: file,
  KAFKA_SASL_TOKEN_COMMAND: z.string().min(1).optional(),
};

type KafkaSettings = z.infer<z.ZodObject<typeof kafkaShape>>;

/** Call it only if `kafkaProblems` found nothing. */
export function kafkaSecurityOf(env: KafkaSettings): KafkaSecurity {
  return {
    tls: env.KAFKA_TLS
      ? {
          caFile: env.KAFKA_TLS_CA_FILE,
          certFile: env.KAFKA_TLS_CERT_FILE,
          keyFile: env.KAFKA_TLS_KEY_FILE,
        }
      : undefined,
    sasl: saslOf(env),
  };
}

function saslOf(env: KafkaSettings): SaslOptions | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_TOKEN_FILE: tokenFile } = env;
  switch (mechanism) {
    case undefined:
      return undefined;
    case 'oauthbearer':
      return tokenFile === undefined
        ? { mechanism, tokenFrom: 'command', command: env.KAFKA_SASL_TOKEN_COMMAND ?? '' }
        : { mechanism, tokenFrom: 'file', file: tokenFile };
    case 'plain':
    case 'scram-sha-256':
    case 'scram-sha-512':
      return {
        mechanism,
        username: env.KAFKA_SASL_USERNAME ?? '',
        password: env.KAFKA_SASL_PASSWORD ?? '',
      };
    default:
      return mechanism satisfies never;
  }
}

/** The rules between these settings that are broken, one sentence each. */
export function kafkaProblems(env: KafkaSettings & { readonly NODE_ENV: string }): string[] {
  const isSecured = env.KAFKA_TLS || env.KAFKA_SASL_MECHANISM !== undefined;
  return [
    ...(isSecured && env.KAFKA_BROKERS === undefined
      ? ['KAFKA_TLS and KAFKA_SASL_MECHANISM need KAFKA_BROKERS: the embedded Kafka has neither']
      : []),
    ...tlsProblems(env),
    ...saslProblems(env),
  ];
}

function tlsProblems(env: KafkaSettings): string[] {
  const files = [env.KAFKA_TLS_CA_FILE, env.KAFKA_TLS_CERT_FILE, env.KAFKA_TLS_KEY_FILE];
  const problems: string[] = [];
  if (!env.KAFKA_TLS && files.some((path) => path !== undefined)) {
    problems.push('KAFKA_TLS must be true if a KAFKA_TLS_..._FILE is set: nothing would be encrypted');
  }
  if ((env.KAFKA_TLS_CERT_FILE === undefined) !== (env.KAFKA_TLS_KEY_FILE === undefined)) {
    problems.push('KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE go together: set both or none');
  }
  return problems;
}

function saslProblems(env: KafkaSettings & { readonly NODE_ENV: string }): string[] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username } = env;
  const { KAFKA_SASL_PASSWORD: password } = env;
  const tokens = [env.KAFKA_SASL_TOKEN_FILE, env.KAFKA_SASL_TOKEN_COMMAND].filter(
    (one) => one !== undefined,
  ).length;
  if (mechanism === undefined) {
    return [username, password].some((one) => one !== undefined) || tokens > 0
      ? ['KAFKA_SASL_MECHANISM must be set if another KAFKA_SASL_... is: it says how to log in']
      : [];
  }
  if (mechanism === 'oauthbearer') {
    return tokens === 1
      ? []
      : ['KAFKA_SASL_MECHANISM=oauthbearer needs one of KAFKA_SASL_TOKEN_FILE and KAFKA_SASL_TOKEN_COMMAND'];
  }
  const problems: string[] = [];
  if (username === undefined || password === undefined) {
    problems.push(`KAFKA_SASL_MECHANISM=${mechanism} needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`);
  }
  if (mechanism === 'plain' && !env.KAFKA_TLS && env.NODE_ENV === 'production') {
    problems.push(
      'KAFKA_SASL_MECHANISM=plain needs KAFKA_TLS=true with NODE_ENV=production: ' +
        'the password would be sent unencrypted',
    );
  }
  return problems;
}
