import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'certificates');

/** For `localhost` and 127.0.0.1 and of an authority of the tests' own, until 2120; `expired` ended in 2020. */
export type CertificateFile =
  | 'ca.pem'
  | 'server.pem'
  | 'server.key'
  | 'client.pem'
  | 'client.key'
  | 'expired.pem';

export const certificatePath = (file: CertificateFile): string => join(folder, file);

export const readCertificate = (file: CertificateFile): string => readFileSync(certificatePath(file), 'utf8');
