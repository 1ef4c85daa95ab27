import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLoopback } from '../../src/config/apiConfig.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';

const hash = 'a'.repeat(64);

function assertRefused(environment: NodeJS.ProcessEnv, message: RegExp): void {
  assert.throws(() => loadConfig(environment), { code: 'CONFIG_INVALID', message });
}

describe('the api settings', () => {
  it('listen on loopback at 8080 without tokens, if nothing is set', () => {
    const { host, port, tokens, trustedProxy } = loadConfig({}).api;
    assert.deepEqual([host, port, tokens, trustedProxy], ['127.0.0.1', 8080, [], undefined]);
  });

  it('refuse to listen for other machines without tokens', () => {
    for (const API_HOST of ['0.0.0.0', '::', '10.0.0.1', 'api.example']) {
      assertRefused({ API_HOST }, /without API_TOKENS anybody there/);
      assert.equal(loadConfig({ API_HOST, API_TOKENS: `a:viewer:${hash}` }).api.host, API_HOST);
    }
  });

  it('read tokens with names, roles and an expiry', () => {
    const { tokens } = loadConfig({
      API_TOKENS: `ops:operator:${hash.toUpperCase()}, lead:agent+auditor:${'b'.repeat(64)}:2027-01-01T00:00:00Z`,
    }).api;
    assert.deepEqual(tokens, [
      { name: 'ops', roles: ['operator'], sha256: hash, expiresAt: null },
      {
        name: 'lead',
        roles: ['agent', 'auditor'],
        sha256: 'b'.repeat(64),
        expiresAt: new Date('2027-01-01T00:00:00Z'),
      },
    ]);
  });

  it('say what is wrong with a token, and repeat no hash', () => {
    assertRefused({ API_TOKENS: `ops:${hash}` }, /name:role:sha256hex/);
    assertRefused({ API_TOKENS: `ops:boss:${hash}` }, /ops has another/);
    assertRefused({ API_TOKENS: `ops:operator+boss:${hash}` }, /ops has another/);
    assertRefused({ API_TOKENS: `ops:operator:${hash}:2027-13-41` }, /no such expiry/);
    assertRefused({ API_TOKENS: `a:viewer:${hash},b:admin:${hash}` }, /same token twice/);
    assert.throws(
      () => loadConfig({ API_TOKENS: `ops:boss:${hash}` }),
      (error: Error) => !error.message.includes(hash),
    );
  });

  it('believe proxies by address or network, and none while everybody is administrator', () => {
    const tokens = { API_TOKENS: `a:viewer:${hash}` };
    const { proxyAddresses } = loadConfig({ ...tokens, API_TRUST_PROXY: '10.0.0.5, fd00::/8,loopback' }).api;
    assert.deepEqual(proxyAddresses, ['10.0.0.5', 'fd00::/8', 'loopback']);
    for (const API_TRUST_PROXY of ['true', '10.0.0.0/33', 'proxy.example', '10.0.0.1/8/8']) {
      assertRefused({ ...tokens, API_TRUST_PROXY }, /has entries such as 10\.0\.0\.5/);
    }
    assertRefused({ API_TRUST_PROXY: 'loopback' }, /would be administrator/);
  });

  it('trust a proxy only with a secret and roles', () => {
    assertRefused({ TRUSTED_USER_HEADER: 'X-Forwarded-User' }, /set together or not at all/);
    const { trustedProxy } = loadConfig({
      TRUSTED_USER_HEADER: 'X-Forwarded-User',
      TRUSTED_USER_SECRET: 'a secret of the proxy',
      TRUSTED_USER_ROLES: 'alice:operator+agent, *:viewer',
      API_HOST: '0.0.0.0',
    }).api;
    assert.equal(trustedProxy?.userHeader, 'x-forwarded-user');
    assert.deepEqual(trustedProxy.roles.get('alice'), ['operator', 'agent']);
    assert.deepEqual(trustedProxy.roles.get('*'), ['viewer']);
  });
});

describe('isLoopback', () => {
  it('knows the addresses that only this machine reaches', () => {
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]']) {
      assert.ok(isLoopback(host), host);
    }
    for (const host of ['0.0.0.0', '::', '127.0.0.1.evil.example', '', 'localhost.evil.example']) {
      assert.ok(!isLoopback(host), host);
    }
  });
});
