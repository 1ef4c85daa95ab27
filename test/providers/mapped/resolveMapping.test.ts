import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { mappingSchema } from '../../../src/providers/mapped/mappingSchema.ts';
import { resolveMapping } from '../../../src/providers/mapped/resolveMapping.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
const answers = { rules: [{ status: 200, body: { '/id': { present: true } }, means: 'accepted' }] };
const given = {
  title: 'Acme',
  documents: ['https://acme.example/docs'],
  settings: {
    ACME_URL: { about: 'where it is', default: `https://$\{ACME_REGION}.acme.example` },
    ACME_REGION: { about: 'such as kr', default: 'kr' },
    ACME_TOKEN: { about: 'the token', secret: true },
    ACME_FROM: { about: 'digits only', pattern: '^\\d+$' },
    ACME_STREAM: { about: 'optional', default: '' },
  },
  origin: `$\{ACME_URL}`,
  signing: { kind: 'bearer', token: `$\{ACME_TOKEN}` },
  send: {
    sms: {
      path: '/sms',
      body: { from: `$\{ACME_FROM}`, text: '{{text}}', stream: `$\{ACME_STREAM}` },
      answers,
    },
    email: { path: '/mail', body: { text: '{{text}}' }, answers },
  },
};
const mapping = mappingSchema.parse(given);

function setting({ about, default: text }: { readonly about: string; readonly default: string }) {
  return { about, default: text, secret: false };
}

function resolve(environment: Record<string, string>, forms: ('sms' | 'email')[] = ['sms']) {
  return resolveMapping(mapping, forms, environment);
}

describe('the settings of a mapping', () => {
  it('stand in their places; an empty one leaves its field out', () => {
    const resolution = resolve({ ACME_TOKEN: 't', ACME_FROM: '0212345678' });
    assert.ok(resolution.kind === 'resolved');
    assert.equal(resolution.mapping.origin, 'https://kr.acme.example');
    assert.deepEqual(resolution.mapping.signing, { kind: 'bearer', token: 't' });
    assert.deepEqual(resolution.mapping.send.sms?.body, { from: '0212345678', text: '{{text}}' });
    assert.equal(resolution.mapping.send.email, undefined, 'not asked for');
  });

  it('are needed only by the forms that are used', () => {
    assert.equal(resolve({ ACME_TOKEN: 't' }, ['email']).kind, 'resolved');
    const resolution = resolve({ ACME_FROM: 'x' });
    assert.ok(resolution.kind === 'unresolved');
    assert.deepEqual([...resolution.problems].sort(), [
      'ACME_FROM is not as it must be: digits only',
      'ACME_TOKEN must be set: the token',
    ]);
  });

  it('come from files, if they are secret', () => {
    const path = join(folder, 'token');
    writeFileSync(path, 'from a file\n');
    const resolution = resolve({ ACME_TOKEN_FILE: path }, ['email']);
    assert.ok(resolution.kind === 'resolved');
    assert.deepEqual(resolution.mapping.signing, { kind: 'bearer', token: 'from a file' });
    const both = resolve({ ACME_TOKEN_FILE: path, ACME_TOKEN: 't' }, ['email']);
    assert.match(both.kind === 'unresolved' ? both.problems.join() : '', /both set: set one of them/);
    const none = resolve({ ACME_TOKEN_FILE: join(folder, 'none') }, ['email']);
    assert.match(none.kind === 'unresolved' ? none.problems.join() : '', /cannot be read \(ENOENT\)/);
  });

  it('make an origin, and nothing else', () => {
    const resolution = resolve({ ACME_TOKEN: 't', ACME_URL: 'https://acme.example/v1' }, ['email']);
    assert.match(
      resolution.kind === 'unresolved' ? resolution.problems.join() : '',
      /scheme, host and port alone/,
    );
  });

  it('cannot stand in defaults that name each other', () => {
    const round = {
      ACME_URL: { about: 'a', default: `$\{ACME_REGION}` },
      ACME_REGION: { about: 'b', default: `$\{ACME_URL}` },
    };
    const settings = {
      ...mapping.settings,
      ACME_URL: setting(round.ACME_URL),
      ACME_REGION: setting(round.ACME_REGION),
    };
    const resolution = resolveMapping({ ...mapping, settings }, ['email'], { ACME_TOKEN: 't' });
    assert.ok(resolution.kind === 'unresolved');
    assert.match(resolution.problems.join('\n'), /the default of ACME_URL names itself/);
  });

  it('leave addresses and headers that a request may have', () => {
    const problemsOf = (change: object, token = 't') => {
      const changed = mappingSchema.parse({ ...given, ...change });
      const resolution = resolveMapping(changed, ['email'], { ACME_TOKEN: token });
      return resolution.kind === 'unresolved' ? resolution.problems.join('\n') : '';
    };
    const withPath = (path: string) => ({ send: { ...given.send, email: { ...given.send.email, path } } });
    const poll = {
      by: 'id',
      name: 'mails',
      forms: ['email'],
      path: '/a b/{{id}}',
      id: '/id',
      answer: { status: 200, body: { '/id': { present: true } } },
      rules: [{ body: { '/state': 'D' }, means: 'delivered' }],
    };
    for (const [change, expected] of [
      [withPath('/mail\r\nx: y'), /^its send\.email\.path has characters that no address may have/],
      [withPath('/mail box'), /^its send\.email\.path has/],
      [withPath('/mail#box'), /^its send\.email\.path has/],
      [{ receipts: { polls: [poll] } }, /^its receipts\.polls\[0\]\.path has/],
      [{ headers: { 'x-a': 'a\r\nx: y' } }, /^its headers\.x-a has characters that no header may have/],
      [{ headers: { 'x-a': '한글' } }, /^its headers\.x-a has/],
      [
        { headers: { 'transfer-encoding': 'chunked' } },
        /^its headers\.transfer-encoding is a header that billcast sets/,
      ],
    ] as const) {
      assert.match(problemsOf(change), expected);
    }
    assert.match(
      problemsOf({}, 'secret\nx: y'),
      /^its signing\.token has characters that no header may have$/,
    );
    assert.equal(problemsOf({ ...withPath('/mail?a=%20b'), headers: { 'x-a': 'é {{ key }}' } }), '');
  });
});
