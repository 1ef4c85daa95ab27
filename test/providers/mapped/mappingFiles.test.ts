import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { findMapping, mappedSettingNames, mappingNames } from '../../../src/providers/mapped/mappingFiles.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';

const folder = useTemporaryFolder();

const sound = {
  title: 'Acme',
  documents: ['https://acme.example/docs'],
  settings: { ACME_TOKEN: { about: 'the token', secret: true } },
  origin: 'https://acme.example',
  signing: { kind: 'bearer', token: `$\{ACME_TOKEN}` },
  send: {
    sms: {
      path: '/send',
      body: { to: '{{to}}', text: '{{text}}' },
      answers: {
        rules: [{ status: 200, body: { '/id': { present: true } }, means: 'accepted', id: '/id' }],
      },
    },
  },
};

/** The problems of a mapping that differs from a sound one in one part. */
function problemsWith(change: object): readonly string[] {
  writeFileSync(join(folder, 'acme.json'), JSON.stringify({ ...sound, ...change }));
  const found = findMapping('acme', folder);
  return found.kind === 'broken' ? found.problems : [];
}

function sendWith(change: object) {
  return { send: { sms: { ...sound.send.sms, ...change } } };
}

function rule(facts: object) {
  return sendWith({ answers: { rules: [facts] } });
}

describe('the files of providers', () => {
  it('that are shipped are sound, and name their settings', () => {
    for (const name of mappingNames(undefined)) {
      const found = findMapping(name, undefined);
      assert.equal(found.kind, 'found', JSON.stringify(found));
    }
    assert.ok(mappingNames(undefined).includes('ses'));
    assert.ok(mappedSettingNames(undefined).includes('SES_SECRET_ACCESS_KEY_FILE'));
  });

  it('come first from the own folder', () => {
    writeFileSync(join(folder, 'twilio.json'), JSON.stringify({ ...sound, title: 'Ours' }));
    const found = findMapping('twilio', folder);
    assert.ok(found.kind === 'found' && found.mapping.title === 'Ours');
    assert.equal(findMapping('../twilio', folder).kind, 'missing');
    assert.equal(findMapping('schema', undefined).kind, 'missing');
  });

  it('say where they are broken, with file and place', () => {
    writeFileSync(join(folder, 'acme.json'), '{ "title": ');
    const found = findMapping('acme', folder);
    assert.ok(found.kind === 'broken');
    assert.match(found.problems[0] ?? '', /acme\.json cannot be read: .*JSON/);
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ tilte: 'x' }, /acme\.json: .*"tilte"/],
      [
        sendWith({ body: { to: '{{too}}' } }),
        /acme\.json: send\.sms\.body\.to cannot use {{too}} here: only key/,
      ],
      [sendWith({ body: { to: '{{to|e146}}' } }), /unknown format e146: use number, digits, e164/],
      [sendWith({ body: { to: '{{to}' } }), /has a broken place in {{to}/],
      [sendWith({ path: '/send/{{key}}' }), /send\.sms\.path cannot use {{key}} here: only settings/],
      [
        sendWith({ encoding: 'form', body: { a: 1 } }),
        /send\.sms\.body of a form must be an object of texts/,
      ],
      [sendWith({ answers: 'shared' }), /send\.sms\.answers is none of/],
      [{ signing: { kind: 'bearer', token: `$\{ACME_KEY}` } }, /settings has no ACME_KEY/],
      [{ signing: { kind: 'bearer', token: `$\{ACME_KEY}` } }, /settings\.ACME_TOKEN is used nowhere/],
      [{ answers: { spare: { rules: [{ status: 429, means: 'pace' }] } } }, /answers\.spare is used nowhere/],
      [rule({ status: 200, body: { 'no/slash': 1 }, means: 'accepted' }), /is no JSON pointer/],
      [rule({ status: 200, body: { '/a': { matches: '(' } }, means: 'accepted' }), /send\.sms\.answers/],
    ];
    for (const [change, expected] of wrong) {
      assert.ok(
        problemsWith(change).some((problem) => expected.test(problem)),
        `${String(expected)} not in ${problemsWith(change).join('\n')}`,
      );
    }
    assert.deepEqual(problemsWith({}), []);
  });

  it('have one place for files, and another request for them only if it is needed', () => {
    const { answers } = sound.send.sms;
    const plain = { path: '/send', body: { to: '{{to}}', text: '{{text}}' }, answers };
    const filed = { ...plain, body: { ...plain.body, file: '{{attachments}}' }, encoding: 'multipart' };
    const described = { ...filed, attachments: { name: '{{name}}', data: '{{content}}' } };
    const upload = { path: '/files', body: { data: '{{content}}' }, answers };
    const uploaded = { ...filed, encoding: 'json', upload };
    const withRule = (facts: object) => {
      const rules = [{ status: 200, body: { '/id': { present: true } }, ...facts }];
      return { ...uploaded, upload: { ...upload, answers: { rules } } };
    };
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ emailWithFiles: filed }, /send\.emailWithFiles needs `email` beside it/],
      [
        { email: plain, emailWithFiles: plain },
        /emailWithFiles\.body needs a field that is "{{attachments}}"/,
      ],
      [
        { email: filed, emailWithFiles: filed },
        /emailWithFiles is not needed: `email` has a place for files/,
      ],
      [{ email: described }, /send\.email\.attachments is left out with multipart/],
      [{ email: { ...filed, encoding: 'form' } }, /attachments goes together with a field of the body/],
      [{ email: { ...described, encoding: 'form' } }, /send\.email\.attachments needs a body that is JSON/],
      [{ email: { ...filed, body: { file: ['{{attachments}}'] } } }, /needs "{{attachments}}" as a field/],
      [
        { email: { ...filed, body: { a: 1, file: '{{attachments}}' } } },
        /of a form must be an object of texts/,
      ],
      [{ email: { ...uploaded, body: plain.body } }, /email\.attachments needs "{{attachments}}" once/],
      [{ email: { ...uploaded, attachments: '{{content}}' } }, /attachments is left out with `upload`/],
      [{ email: { ...uploaded, encoding: 'multipart' } }, /email\.upload needs a body that is JSON/],
      [{ email: withRule({ means: 'accepted' }) }, /upload\.answers\.rules\[0\] needs `id`/],
      [{ email: withRule({ means: 'refused' }) }, /upload\.answers\.rules\[0\] must mean one of accepted, /],
    ];
    for (const [send, expected] of wrong) assert.match(problemsWith({ send }).join('\n'), expected);
    for (const send of [
      { email: filed },
      { email: plain, emailWithFiles: filed },
      { email: { ...described, encoding: 'json' } },
      { email: uploaded },
    ]) {
      assert.deepEqual(problemsWith({ send }), []);
    }
  });

  it('cannot believe a status alone', () => {
    const message = /rules\[0\] needs a condition on the body or a header: a proxy may give the same status/;
    const alone = [
      { status: 200, means: 'accepted' },
      { status: 422, means: 'refused' },
      { status: 503, means: 'busy' },
      { status: 503, means: 'pace' },
      { status: 500, means: 'settings' },
      { status: [401, 500], means: 'settings' },
      { status: '5xx', means: 'settingsOrBill' },
      { means: 'settings' },
      { status: 404, body: { '': { present: false } }, means: 'refused' },
    ];
    for (const facts of alone) assert.match(problemsWith(rule(facts)).join(), message, JSON.stringify(facts));
    const believed = [
      { status: 429, means: 'pace' },
      { status: [401, 403], means: 'settings' },
      { status: '3xx', means: 'settingsOrBill' },
      { status: 500, means: 'unknown' },
      { status: 422, body: { '/code': 7 }, means: 'refused' },
      { status: 202, header: { 'x-id': '.' }, means: 'accepted' },
    ];
    for (const facts of believed) assert.deepEqual(problemsWith(rule(facts)), [], JSON.stringify(facts));
  });

  it('cannot settle a doubt by an answer without our key', () => {
    const lookup = (facts: object) => ({
      lookup: { paths: ['/{{key}}'], rules: [facts], proves: 'advisory' },
    });
    const accepted = { status: 200, body: { '/id': { present: true } }, means: 'accepted' };
    assert.match(problemsWith(lookup(accepted)).join(), /lookup\.rules\[0\]\.body must compare with {{key}}/);
    const notSeen = { status: 404, body: { '': { present: false } }, means: 'notSeen' };
    assert.match(problemsWith(lookup(notSeen)).join(), /a proxy answers 404 to everything/);
  });

  it('has a list in a batch only with the rules for its items', () => {
    const batch = (items: object, body: unknown = { list: '{{items}}' }) =>
      sendWith({ batch: { most: 10, body, items } });
    const listed = { by: 'position', at: '/list', answers: sound.send.sms.answers };
    assert.match(problemsWith(batch(listed)).join(), /send\.sms\.answers needs a rule that means perItem/);
    assert.deepEqual(problemsWith(batch({ by: 'whole' })), []);
    assert.match(
      problemsWith(batch({ by: 'whole' }, {})).join(),
      /batch\.body must have the text "{{items}}" once/,
    );
    const rules = [{ status: 200, body: { '/list': { present: true } }, means: 'perItem' }];
    assert.match(problemsWith(sendWith({ answers: { rules } })).join(), /batch\.items has no list/);
  });
});
