import { doesSpeakTls, findReachable, wantsSasl } from './connectionProbe.ts';
import { causesOf } from './kafkaError.ts';
import type { KafkaSecurity } from './kafkaSecurity.ts';

/** The settings of the connection that failed. */
export interface KafkaConnectionOptions {
  /** Each as `host:port`. */
  readonly brokers: readonly string[];
  readonly security: KafkaSecurity;
}

/**
 * What is wrong with the connection's settings and what to do; undefined if waiting may help. If a broker
 * does not understand a connection, it closes it without an answer. Then it is probed in other ways.
 */
export async function explainConnectionFault(
  error: unknown,
  settings: KafkaConnectionOptions,
): Promise<string | undefined> {
  const facts = factsOf(error);
  return (
    explainSasl(facts, settings.security) ??
    explainTls(facts) ??
    explainRights(facts) ??
    (facts.wasClosed ? explainClosing(settings) : undefined)
  );
}

interface Facts {
  readonly types: readonly string[];
  readonly codes: readonly string[];
  readonly texts: readonly string[];
  readonly saslFailed: boolean;
  readonly wasClosed: boolean;
}

function factsOf(error: unknown): Facts {
  const chain = causesOf(error).filter((cause): cause is Error => cause instanceof Error);
  const texts = (field: string): string[] =>
    chain.flatMap((cause) => {
      const value: unknown = Reflect.get(cause, field);
      return typeof value === 'string' ? [value] : [];
    });
  const names = texts('name');
  const codes = texts('code');
  return {
    types: texts('type'),
    codes,
    texts: texts('message'),
    saslFailed: names.includes('KafkaJSSASLAuthenticationError'),
    wasClosed:
      names.some(
        (name) => name === 'KafkaJSConnectionClosedError' || name === 'KafkaJSRequestTimeoutError',
      ) || codes.includes('ECONNRESET'),
  };
}

function explainSasl({ types, texts, saslFailed }: Facts, { sasl }: KafkaSecurity): string | undefined {
  const ofToken = texts.find((text) => text.startsWith('KAFKA_SASL_TOKEN_'));
  if (ofToken !== undefined) return ofToken;
  if (types.includes('ILLEGAL_SASL_STATE') && sasl !== undefined) {
    return (
      'The brokers expect no login on this port: unset KAFKA_SASL_MECHANISM, or set the port of ' +
      'their SASL listener in KAFKA_BROKERS.'
    );
  }
  const isUnknown =
    types.includes('UNSUPPORTED_SASL_MECHANISM') ||
    texts.some((text) => text.includes('mechanism is not supported'));
  if (isUnknown) {
    return (
      `The brokers do not support KAFKA_SASL_MECHANISM=${sasl?.mechanism}: ask their operator ` +
      'which mechanism to use.'
    );
  }
  if (!saslFailed && !types.includes('SASL_AUTHENTICATION_FAILED')) return undefined;
  return sasl?.mechanism === 'oauthbearer'
    ? 'The brokers refused the token: check what KAFKA_SASL_TOKEN_FILE holds or ' +
        'KAFKA_SASL_TOKEN_COMMAND prints.'
    : 'The brokers refused the login: check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and ' +
        'KAFKA_SASL_MECHANISM.';
}

function explainTls({ codes, texts }: Facts): string | undefined {
  const has = (pattern: RegExp): boolean => [...codes, ...texts].some((text) => pattern.test(text));
  const ofFile = texts
    .map((text) => /KAFKA_TLS_\w+_FILE: .*/.exec(text)?.[0])
    .find((found) => found !== undefined);
  if (ofFile !== undefined) return ofFile;
  if (has(/ERR_TLS_CERT_ALTNAME_INVALID/)) {
    return (
      "The brokers' certificate is not valid for the names in KAFKA_BROKERS: use the names that " +
      'it is issued for.'
    );
  }
  if (has(/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/)) {
    return "The brokers' certificate is not valid today: renew it, or set this machine's clock.";
  }
  if (has(/SELF_SIGNED_CERT|UNABLE_TO_(VERIFY_LEAF|GET_ISSUER)|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE/)) {
    return (
      "The authority of the brokers' certificate is not trusted: set its certificate in " +
      'KAFKA_TLS_CA_FILE.'
    );
  }
  if (has(/ALERT_CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_UNKNOWN_CA|HANDSHAKE_FAILURE/)) {
    return (
      'The brokers require a client certificate that they trust: check KAFKA_TLS_CERT_FILE and ' +
      'KAFKA_TLS_KEY_FILE.'
    );
  }
  if (has(/ERR_OSSL|ERR_SSL_(?!WRONG_VERSION|PACKET_LENGTH)|KEY_VALUES_MISMATCH/)) {
    return (
      `TLS to the brokers failed (${codes.join(', ')}): check the files of KAFKA_TLS_CA_FILE, ` +
      'KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE.'
    );
  }
  return has(/ERR_SSL_WRONG_VERSION|ERR_SSL_PACKET_LENGTH|EPROTO/) ? noTlsText : undefined;
}

const noTlsText =
  'The brokers do not use TLS on this port: unset KAFKA_TLS, or set the port of their TLS listener in ' +
  'KAFKA_BROKERS.';

function explainRights({ types }: Facts): string | undefined {
  const refused = types.find((type) => type.endsWith('_AUTHORIZATION_FAILED'));
  return refused === undefined
    ? undefined
    : `Kafka does not allow this to billcast's user (${refused}): grant Describe, Read and Write on ` +
        'its topics and Read on its group.';
}

async function explainClosing({ brokers, security }: KafkaConnectionOptions): Promise<string | undefined> {
  const broker = await findReachable(brokers);
  if (broker === undefined) return undefined;
  const speaksTls = await doesSpeakTls(broker);
  if (speaksTls && security.tls === undefined) {
    return (
      'The brokers use TLS on this port: set KAFKA_TLS=true, and KAFKA_TLS_CA_FILE if their ' +
      'authority is your own.'
    );
  }
  if (!speaksTls && security.tls !== undefined) return noTlsText;
  if (security.sasl === undefined && (await wantsSasl(broker, security.tls))) {
    return (
      'The brokers require a login on this port: set KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME ' +
      'and KAFKA_SASL_PASSWORD, or the settings of a token.'
    );
  }
  return undefined;
}
