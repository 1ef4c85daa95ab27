import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import kafkajs from 'kafkajs';
import { causesOf } from './kafkaError.ts';
import type { TlsFiles } from './kafkaSecurity.ts';
import { createSocketFactory, withoutColons } from './kafkaSockets.ts';

const probeMs = 3_000;

/** The first broker whose port accepts a connection. */
export async function findReachable(brokers: readonly string[]): Promise<string | undefined> {
  for (const broker of brokers) if (await succeeds(() => connect(placeOf(broker)), 'connect')) return broker;
  return undefined;
}

/** Whether the port speaks TLS, with any certificate. */
export function doesSpeakTls(broker: string): Promise<boolean> {
  const place = placeOf(broker);
  const servername = isIP(place.host) === 0 ? { servername: place.host } : {};
  return succeeds(() => connectTls({ ...place, ...servername, rejectUnauthorized: false }), 'secureConnect');
}

/** Whether the broker requires a login. The probe asks for a mechanism that no broker supports. */
export async function wantsSasl(broker: string, tls: TlsFiles | undefined): Promise<boolean> {
  const admin = new kafkajs.Kafka({
    brokers: [withoutColons(broker)],
    ...(tls === undefined ? {} : { ssl: true }),
    socketFactory: createSocketFactory(tls),
    sasl: {
      mechanism: 'BILLCAST-PROBE',
      authenticationProvider: () => ({ authenticate: async () => undefined }),
    },
    connectionTimeout: probeMs,
    requestTimeout: probeMs,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  try {
    await admin.connect();
    return false;
  } catch (error) {
    return causesOf(error).some(
      (cause) => cause instanceof Error && Reflect.get(cause, 'type') === 'UNSUPPORTED_SASL_MECHANISM',
    );
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

function placeOf(broker: string): { host: string; port: number } {
  const at = broker.lastIndexOf(':');
  return { host: broker.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(broker.slice(at + 1)) };
}

function succeeds(
  open: () => ReturnType<typeof connect>,
  event: 'connect' | 'secureConnect',
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = open();
    const end = (isUp: boolean): void => {
      clearTimeout(timeout);
      socket.destroy();
      resolve(isUp);
    };
    const timeout = setTimeout(end, probeMs, false);
    socket.once(event, () => end(true));
    socket.on('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
