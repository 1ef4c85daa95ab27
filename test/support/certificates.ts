import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'certificates');

/**
 * For `localhost` and 127.0.0.1 and of an authority of the tests' own, until 2120; `expired` ended in 2020.
 */
export type CertificateFile =
  | 'ca.pem'
  | 'server.pem'
  | 'server.key'
  | 'client.pem'
  | 'client.key'
  | 'expired.pem';

export function certificatePath(file: CertificateFile): string {
  return join(folder, file);
}

export function readCertificate(file: CertificateFile): string {
  return readFileSync(certificatePath(file), 'utf8');
}
