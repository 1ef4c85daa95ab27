import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAuthenticate } from '../../../src/api/identity/authenticate.ts';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { bearer, tokensOf } from '../../support/testApi.ts';

const now = new Date('2026-11-28T00:00:00Z');
const proxy = {
  TRUSTED_USER_HEADER: 'X-Forwarded-User',
  TRUSTED_USER_SECRET: 'a secret of the proxy',
  TRUSTED_USER_ROLES: 'alice:operator',
};

function authenticateWith(environment: NodeJS.ProcessEnv, headers: Record<string, string>) {
  return createAuthenticate(loadConfig(environment).api)(headers, now);
}

describe('a token', () => {
  it('says who asks and what they may do', () => {
    const identity = authenticateWith({ API_TOKENS: tokensOf('viewer', 'agent') }, bearer('agent'));
    assert.deepEqual(
      [identity?.name, identity?.roles, identity?.source],
      ['agent-token', ['agent'], 'token'],
    );
  });

  it('is refused if it is unknown, expired or no bearer token', () => {
    const tokens = tokensOf('viewer');
    assert.equal(authenticateWith({ API_TOKENS: tokens }, bearer('admin')), null);
    assert.equal(authenticateWith({ API_TOKENS: tokens }, {}), null);
    assert.equal(authenticateWith({ API_TOKENS: tokens }, { authorization: 'Basic YTpi' }), null);
    assert.equal(authenticateWith({ API_TOKENS: `${tokens}:2026-11-28` }, bearer('viewer')), null);
    assert.ok(authenticateWith({ API_TOKENS: `${tokens}:2026-11-29` }, bearer('viewer')));
  });
});

describe('a user of the trusted proxy', () => {
  const headers = { 'x-forwarded-user': 'alice', 'x-billcast-proxy-secret': 'a secret of the proxy' };

  it('is who the proxy says, if the proxy proves itself', () => {
    assert.deepEqual(authenticateWith(proxy, headers)?.roles, ['operator']);
    assert.equal(authenticateWith(proxy, { 'x-forwarded-user': 'alice' }), null);
    assert.equal(authenticateWith(proxy, { ...headers, 'x-billcast-proxy-secret': 'a guess' }), null);
  });

  it('has no role unless one is named', () => {
    const bob = { ...headers, 'x-forwarded-user': 'bob' };
    assert.equal(authenticateWith(proxy, bob), null);
    assert.deepEqual(
      authenticateWith({ ...proxy, TRUSTED_USER_ROLES: 'alice:operator,*:viewer' }, bob)?.roles,
      ['viewer'],
    );
    assert.equal(authenticateWith(proxy, { ...headers, 'x-forwarded-user': '*' }), null);
  });
});

describe('without any identity set', () => {
  it('whoever is on this machine is the administrator', () => {
    assert.deepEqual(authenticateWith({}, {})?.source, 'loopback');
  });
});
