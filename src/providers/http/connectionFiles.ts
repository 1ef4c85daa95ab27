import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { BillcastError } from '../../errors.ts';
import type { ConnectionSettings, HttpVersion } from './connector.ts';

/** Paths of PEM files, as the settings name them. */
export interface ConnectionFiles {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly proxyUrl?: string | undefined;
  readonly version?: HttpVersion | undefined;
}

/**
 * Reads the certificates that the settings name.
 * @param prefix the beginning of the settings' names
 * @throws BillcastError CONFIG_INVALID naming the setting and what is wrong with its file
 */
export function readConnectionSettings(settings: ConnectionFiles, prefix = 'HTTP'): ConnectionSettings {
  const ca = readPem(`${prefix}_CA_FILE`, settings.caFile);
  const cert = readPem(`${prefix}_CERT_FILE`, settings.certFile);
  const key = readPem(`${prefix}_KEY_FILE`, settings.keyFile);
  if (ca !== undefined) check(`${prefix}_CA_FILE holds no certificate (PEM)`, () => new X509Certificate(ca));
  const { proxyUrl, version } = settings;
  if (cert === undefined || key === undefined) return { ca, proxyUrl, version };
  check(`${prefix}_CERT_FILE and ${prefix}_KEY_FILE are no certificate (PEM) with its key`, () =>
    createSecureContext({ cert, key }),
  );
  return { ca, clientCertificate: { cert, key }, proxyUrl, version };
}

function readPem(setting: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  return check(`${setting} cannot be read`, () => readFileSync(file, 'utf8'));
}

function check<T>(problem: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BillcastError('CONFIG_INVALID', `wrong settings:\n  ${problem}: ${why}`, { cause: error });
  }
}
