import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseServerUrl } from '../../src/db/serverUrl.ts';

function hostsOf(url: string) {
  return parseServerUrl(url).endpoints.map(({ host, port }) => [host, port]);
}
function tlsOf(query: string) {
  return parseServerUrl(`postgres://u@db1/x?${query}`).endpoints.map(({ ssl }) => ssl);
}

describe('the URL of a server', () => {
  it('is taken apart, with signs that are written as %', () => {
    const url = parseServerUrl(
      'postgresql://b%40c:p%3A%2Fw%23@db1:6432/bill%20cast?options=-c%20search_path%3Db&connect_timeout=3',
    );
    assert.deepEqual(
      [url.user, url.password, url.database, url.options, url.connectTimeoutMs],
      ['b@c', 'p:/w#', 'bill cast', '-c search_path=b', 3_000],
    );
    assert.deepEqual(url.endpoints, [{ host: 'db1', port: 6432, ssl: false }]);
  });

  it('names several hosts, each with its port, also by IPv6', () => {
    assert.deepEqual(hostsOf('postgres://u:p@h1:5433,h2,[::1]:5434/x'), [
      ['h1', 5433],
      ['h2', undefined],
      ['::1', 5434],
    ]);
    assert.deepEqual(hostsOf('postgres:///x?host=h1,h2&port=5433,5434'), [
      ['h1', 5433],
      ['h2', 5434],
    ]);
    assert.deepEqual(hostsOf('postgres:///x?host=/var/run/postgresql'), [['/var/run/postgresql', undefined]]);
    assert.deepEqual(hostsOf('postgres://%2Fvar%2Frun/x'), [['/var/run', undefined]]);
  });

  for (const [text, target] of [
    ['read-write', 'primary'],
    ['primary', 'primary'],
    ['any', 'any'],
    ['prefer-standby', 'any'],
    ['standby', 'standby'],
  ] as const) {
    it(`with target_session_attrs=${text} wants ${target}`, () =>
      assert.equal(parseServerUrl(`postgres://h/x?target_session_attrs=${text}`).target, target));
  }

  for (const [url, says] of [
    ['mysql://h/x', /wants postgres:/],
    ['postgres://u:geheim@h:99999999/x', /wants postgres:/],
    ['postgres://u:geheim@h:70000/x', /wants postgres:/],
    ['postgres://u:geheim#x@h/x', /%23/],
    ['postgres://u:77777#x@h/x', /%23/],
    ['postgres://h/x?sslmode=always', /sslmode=always/],
    ['postgres://h/x?target_session_attrs=best', /target_session_attrs=best/],
    ['postgres://h/x?connect_timeout=soon', /connect_timeout=soon/],
    ['postgres://h/x?sslrootcert=/none/ca.pem', /sslrootcert cannot be read.*none/],
  ] as const) {
    it(`${url.replace(/geheim|77777/, '...')} is refused, without its password`, () =>
      assert.throws(
        () => parseServerUrl(url),
        (error: unknown) =>
          error instanceof TypeError && says.test(error.message) && !/geheim|77777/.test(error.message),
      ));
  }
});

describe('sslmode, as libpq means it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'billcast-url-'));
  const file = (name: string): string => {
    writeFileSync(join(folder, name), name);
    return join(folder, name);
  };
  const [ca, cert, key] = [file('ca.pem'), file('cert.pem'), file('key.pem')];

  it('is in the clear if there is none', () => {
    assert.deepEqual(tlsOf(''), [false]);
    assert.deepEqual(tlsOf('sslmode=disable'), [false]);
  });
  it('require encrypts without verifying, and verifies the chain if there is a CA', () => {
    assert.deepEqual(tlsOf('sslmode=require'), [{ rejectUnauthorized: false }]);
    const [tls] = tlsOf(`sslmode=require&sslrootcert=${ca}`);
    assert.ok(tls && tls.rejectUnauthorized === true && String(tls.ca) === 'ca.pem');
    assert.equal(tls.checkServerIdentity?.('h', {} as never), undefined);
  });
  it('verify-full verifies the name too, and a CA alone means that', () => {
    for (const query of [`sslmode=verify-full&sslrootcert=${ca}`, `sslrootcert=${ca}`]) {
      const [tls] = tlsOf(query);
      assert.ok(tls && tls.rejectUnauthorized === true && tls.checkServerIdentity === undefined);
    }
    assert.deepEqual(tlsOf('sslmode=verify-full&sslrootcert=system'), [{ rejectUnauthorized: true }]);
  });
  it('prefer and allow know two ways', () => {
    assert.deepEqual(tlsOf('sslmode=prefer'), [{ rejectUnauthorized: false }, false]);
    assert.deepEqual(tlsOf('sslmode=allow'), [false, { rejectUnauthorized: false }]);
  });
  it('shows a certificate of ours', () => {
    const [tls] = tlsOf(`sslmode=require&sslcert=${cert}&sslkey=${key}`);
    assert.ok(tls && String(tls.cert) === 'cert.pem' && String(tls.key) === 'key.pem');
  });
});
