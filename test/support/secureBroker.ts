import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { kafkaProperties } from '../../src/embedded/kafkaProperties.ts';
import { run } from '../../src/embedded/runCommand.ts';
import { probeBroker } from '../../src/kafka/brokerProbe.ts';
import { freePort } from '../../tools/bench/system/freePort.ts';
import { certificatePath, readCertificate } from './certificates.ts';
import { eventually } from './eventually.ts';
import { jarsDir } from './jarsDir.ts';

/** What a company's brokers may ask of their clients, one port for each. */
export type ListenerName = 'plain' | 'tls' | 'mutualTls' | 'saslTls' | 'sasl' | 'ipv6';

export const saslUser = { username: 'alice', password: 'pass = 한 $x' };

export interface SecureBroker {
  /** host:port, for KAFKA_BROKERS. */
  address(listener: ListenerName): string;
  readonly hasIpv6: boolean;
}

/**
 * One broker with all listeners, started before the first test of the calling file and ended after the last.
 */
export function useSecureBroker(): SecureBroker {
  const folder = mkdtempSync(join(tmpdir(), 'billcast-secure-'));
  const ports = new Map<ListenerName, number>();
  let child: ChildProcess | undefined;
  let hasIpv6 = false;
  before(async () => {
    hasIpv6 = await canListenOn('::1');
    for (const name of listenerNames) ports.set(name, await freePort());
    child = await startBroker(folder, { ports, hasIpv6 });
    await eventually(async () => (await probeBroker(addressOf('plain'))) !== undefined, 60_000);
  });
  after(async () => {
    if (child !== undefined && child.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const addressOf = (name: ListenerName): string =>
    `${name === 'ipv6' ? '[::1]' : 'localhost'}:${ports.get(name)}`;
  return {
    address: addressOf,
    get hasIpv6() {
      return hasIpv6;
    },
  };
}

const listenerNames: readonly ListenerName[] = ['plain', 'tls', 'mutualTls', 'saslTls', 'sasl', 'ipv6'];

const protocols: Readonly<Record<ListenerName, string>> = {
  plain: 'PLAINTEXT',
  tls: 'SSL',
  mutualTls: 'SSL',
  saslTls: 'SASL_SSL',
  sasl: 'SASL_PLAINTEXT',
  ipv6: 'PLAINTEXT',
};

interface Layout {
  readonly ports: ReadonlyMap<ListenerName, number>;
  readonly hasIpv6: boolean;
}

async function startBroker(folder: string, layout: Layout): Promise<ChildProcess> {
  const controllerPort = await freePort();
  const common = kafkaProperties({
    nodeId: 1,
    logDir: join(folder, 'log'),
    port: layout.ports.get('plain') ?? 0,
    controllerPort,
    voters: [{ id: 1, controllerPort }],
  });
  writeFileSync(
    join(folder, 'keystore.pem'),
    `${readCertificate('server.key')}\n${readCertificate('server.pem')}`,
  );
  const file = join(folder, 'server.properties');
  writeFileSync(file, `${withoutListeners(common)}\n${securityProperties(folder, controllerPort, layout)}`);
  const classPath = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx384m', '-cp', join(jarsDir, '*')];
  const { username, password } = saslUser;
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name="${username}",password="${password}"]`,
  ]);
  const format = [
    'kafka.tools.StorageTool',
    'format',
    '--cluster-id=c2VjdXJlLWJyb2tlci0wMQ',
    `--config=${file}`,
  ];
  const formatted = await run('java', [...classPath, ...format, ...scram]);
  assert.equal(formatted.kind, 'done', formatted.kind === 'failed' ? formatted.output : undefined);
  const log4j = join(import.meta.dirname, '../../src/embedded/log4j2.xml');
  const logging = [`-Dbillcast.log=${join(folder, 'server.log')}`, `-Dlog4j2.configurationFile=${log4j}`];
  return spawn('java', [...logging, ...classPath, 'kafka.Kafka', file], { cwd: folder, stdio: 'ignore' });
}

const ownSettings =
  /^(listeners|advertised\.listeners|listener\.security\.protocol\.map|inter\.broker\.listener\.name)=.*$/gm;
function withoutListeners(properties: string): string {
  return properties.replaceAll(ownSettings, '');
}

function securityProperties(folder: string, controllerPort: number, { ports, hasIpv6 }: Layout): string {
  const names = listenerNames.filter((name) => name !== 'ipv6' || hasIpv6);
  const places = names.map((name) => {
    const host = name === 'ipv6' ? '[::1]' : 'localhost';
    return `${name.toUpperCase()}://${host}:${ports.get(name)}`;
  });
  const { username, password } = saslUser;
  const quoted = password.replaceAll('"', '\\"');
  const modules = {
    plain: `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${quoted}";`,
    'scram-sha-256': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'scram-sha-512': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    oauthbearer:
      'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
  };
  const logins = ['sasltls', 'sasl'].flatMap((listener) => [
    `listener.name.${listener}.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER`,
    ...Object.entries(modules).map(
      ([mechanism, text]) => `listener.name.${listener}.${mechanism}.sasl.jaas.config=${javaText(text)}`,
    ),
  ]);
  const protocolMap = names.map((name) => `${name.toUpperCase()}:${protocols[name]}`);
  return [
    `listeners=${places.join(',')},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=${places.join(',')}`,
    `listener.security.protocol.map=${protocolMap.join(',')},CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name=PLAIN',
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${join(folder, 'keystore.pem')}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${certificatePath('ca.pem')}`,
    'listener.name.mutualtls.ssl.client.auth=required',
    ...logins,
  ].join('\n');
}

/** A properties file is Latin-1 with escapes. */
function javaText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

async function listenOn(host: string): Promise<Server> {
  const server = createServer();
  server.listen({ port: 0, host });
  await once(server, 'listening');
  return server;
}

async function canListenOn(host: string): Promise<boolean> {
  try {
    (await listenOn(host)).close();
    return true;
  } catch {
    return false;
  }
}

/** A token as a test's own authority would sign it: this broker takes unsigned ones. */
export function bearerToken(subject: string, lifetimeS = 3_600): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + lifetimeS })}.`;
}
