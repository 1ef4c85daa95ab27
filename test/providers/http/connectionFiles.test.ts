import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readConnectionSettings } from '../../../src/providers/http/connectionFiles.ts';
import { certificatePath, readCertificate } from '../../support/certificates.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
const none = {
  caFile: undefined,
  certFile: undefined,
  keyFile: undefined,
  proxyUrl: undefined,
  version: '1.1',
} as const;

describe('the files of a connection to a gateway', () => {
  it('are read', () => {
    const settings = readConnectionSettings({
      caFile: certificatePath('ca.pem'),
      certFile: certificatePath('client.pem'),
      keyFile: certificatePath('client.key'),
      proxyUrl: 'http://proxy:3128',
      version: '2',
    });
    assert.deepEqual(settings, {
      ca: readCertificate('ca.pem'),
      clientCertificate: { cert: readCertificate('client.pem'), key: readCertificate('client.key') },
      proxyUrl: 'http://proxy:3128',
      version: '2',
    });
    assert.deepEqual(readConnectionSettings(none), { ca: undefined, proxyUrl: undefined, version: '1.1' });
  });

  it('that cannot be read, or hold something else, are named', () => {
    const text = join(folder, 'text.pem');
    writeFileSync(text, 'no certificate');
    const refuses = (settings: Partial<Parameters<typeof readConnectionSettings>[0]>, says: RegExp) =>
      assert.throws(() => readConnectionSettings({ ...none, ...settings }), {
        code: 'CONFIG_INVALID',
        message: says,
      });
    refuses({ caFile: join(folder, 'away.pem') }, /HTTP_CA_FILE cannot be read: ENOENT/);
    refuses({ caFile: text }, /HTTP_CA_FILE holds no certificate/);
    const certFile = certificatePath('client.pem');
    for (const keyFile of [text, certificatePath('server.key')]) {
      refuses(
        { certFile, keyFile },
        /HTTP_CERT_FILE and HTTP_KEY_FILE are no certificate \(PEM\) with its key/,
      );
    }
  });
});
