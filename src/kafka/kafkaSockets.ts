import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, rootCertificates } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import { BillcastError } from '../errors.ts';
import type { TlsFiles } from './kafkaSecurity.ts';

const keepAliveMs = 60_000;

/**
 * Sockets to brokers. The files are read for each connection, so that a renewed certificate needs no restart.
 * @throws BillcastError CONFIG_INVALID for a file that cannot be read
 */
export function createSocketFactory(tls: TlsFiles | undefined): ISocketFactory {
  return ({ host: named, port, onConnect }) => {
    const host = addressOf(named);
    const socket =
      tls === undefined
        ? connect({ host, port }, onConnect)
        : connectTls(
            { host, port, ...readTlsFiles(tls), ...(isIP(host) === 0 ? { servername: host } : {}) },
            onConnect,
          );
    socket.setKeepAlive(true, keepAliveMs);
    return socket satisfies Socket;
  };
}

/**
 * @throws BillcastError CONFIG_INVALID for files that cannot be read, are not PEM, or do not belong together
 */
export function checkTlsFiles(tls: TlsFiles): void {
  const files = readTlsFiles(tls);
  try {
    createSecureContext(files);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BillcastError(
      'CONFIG_INVALID',
      'KAFKA_TLS_CA_FILE, KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE: not PEM, or the key does not ' +
        `belong to the certificate (${why})`,
      { cause },
    );
  }
}

/** @throws BillcastError CONFIG_INVALID, naming the setting */
function readTlsFiles({ caFile, certFile, keyFile }: TlsFiles) {
  return {
    ...(caFile === undefined ? {} : { ca: [...rootCertificates, read('KAFKA_TLS_CA_FILE', caFile)] }),
    ...(certFile === undefined ? {} : { cert: read('KAFKA_TLS_CERT_FILE', certFile) }),
    ...(keyFile === undefined ? {} : { key: read('KAFKA_TLS_KEY_FILE', keyFile) }),
  };
}

function read(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new BillcastError('CONFIG_INVALID', `${setting}: ${path} cannot be read (${code})`, { cause });
  }
}

/** kafkajs splits an address at its first colon, so an IPv6 address passes through it as a name. */
const ipv6Suffix = '.ipv6-literal.invalid';

/** `[::1]:9092` in a form that kafkajs can split. */
export function withoutColons(broker: string): string {
  const [, address, port] = /^\[([^\]]+)\]:(\d+)$/.exec(broker) ?? [];
  return address === undefined ? broker : `${address.replaceAll(':', '-')}${ipv6Suffix}:${port}`;
}

function addressOf(host: string): string {
  return host.endsWith(ipv6Suffix) ? host.slice(0, -ipv6Suffix.length).replaceAll('-', ':') : host;
}
