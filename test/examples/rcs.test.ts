import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { channelModuleOf } from '../../src/channelModule.ts';
import { channelNames } from '../../src/channels.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { loadOwnChannels } from '../../src/ownChannels.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';

const folder = useTemporaryFolder();
const rcs = join(projectDir, 'examples/channel/rcs.ts');

/** A program for a process whose settings name the channel. It prints what the process knows of it. */
const script = `
  import { loadConfig } from '${projectDir}/src/config/loadConfig.ts';
  import { nextChannel } from '${projectDir}/src/ladder.ts';
  import { openContact } from '${projectDir}/src/render/bill/openContact.ts';
  import { parseAttemptName } from '${projectDir}/src/providers/inbound/attemptName.ts';
  import { compileProjectTemplates } from '${projectDir}/src/operations/projectTemplates.ts';
  import { templateFilesOf } from '${projectDir}/src/render/template/templateFiles.ts';
  import { toldOf } from '${projectDir}/src/api/told/toldOf.ts';
  const config = loadConfig();
  const { ladder, kafka, providers, providerSettings } = config;
  const templates = await compileProjectTemplates(config);
  const opener = { open: (field, text) => text, failure: () => undefined };
  const contactOf = (phone) => openContact('RCS', { email: '', phone }, opener);
  console.log(JSON.stringify({
    order: ladder.order,
    rules: ladder.rules.RCS,
    next: nextChannel(ladder, { channel: 'RCS', passed: null }, 'noContact'),
    topic: kafka.topics.RCS,
    provider: providers.RCS,
    url: providerSettings.http.gateways.RCS.url,
    files: templateFilesOf('RCS'),
    // Compiled in a thread, which must know the channel too.
    printed: Object.keys(templates.languages.ko.messages),
    attempt: parseAttemptName('5-RCS-1'),
    mobile: contactOf('010-1234-5678'),
    landline: contactOf('02-123-4567'),
    told: toldOf('RCS message by http: unreachable: ECONNREFUSED'),
  }));
`;

describe('a channel of the settings', () => {
  it('has its own settings, as the shipped ones have', () => {
    const file = join(folder, 'ask.mjs');
    writeFileSync(file, script);
    const printed = execFileSync(process.execPath, [file], {
      cwd: folder,
      env: {
        ...bareEnvironment,
        CHANNEL_MODULES: rcs,
        CHANNELS: 'RCS,SMS',
        PROVIDER_RCS: 'http',
        HTTP_RCS_URL: 'http://127.0.0.1:1/rcs',
        CHANNEL_RCS_QUIET_HOURS: 'false',
        TOPIC_RCS: 'bill.rich',
      },
      encoding: 'utf8',
    });
    assert.deepEqual(JSON.parse(printed), {
      order: ['RCS', 'SMS'],
      rules: {
        escalates: ['noContact', 'refused', 'bounced'],
        receiptWithinMs: 259_200_000,
        keepsQuietHours: false,
      },
      next: 'SMS',
      topic: 'bill.rich',
      provider: [{ name: 'http', weight: 1 }],
      url: 'http://127.0.0.1:1/rcs',
      files: ['rcs.txt'],
      printed: ['EMAIL', 'SMS', 'ALIMTALK', 'RCS'],
      attempt: { billId: '5', channel: 'RCS', cycle: 1 },
      mobile: { kind: 'usable', to: '010-1234-5678' },
      landline: {
        kind: 'unpreparable',
        reason: 'NO_CONTACT',
        detail: 'no RCS message reaches what is stored',
        contact: 'unusable',
      },
      told: [
        { code: 'BRAKE', facts: { channel: 'RCS message', provider: 'http', kind: 'unreachable' } },
        { code: 'WORDS', facts: { words: 'ECONNREFUSED' } },
      ],
    });
  });

  it('must be one, and have a name that is free', () => {
    const wrong = (change: object) => {
      const known = loadOwnChannels(rcs, []).modules[0];
      return channelModuleOf({ ...known, ...change });
    };
    for (const change of [
      { name: 'rcs' },
      { name: 'DLT' },
      { contact: 'fax' },
      { escalates: ['late'] },
      { message: { kind: 'text', text: '../x.txt' } },
      { forms: [] },
      { addressOf: 'phone' },
    ]) {
      assert.match(String(wrong(change)), new RegExp(`has a wrong ${Object.keys(change)[0]}: see`));
    }
    assert.deepEqual(loadOwnChannels(rcs, [...channelNames, 'RCS']).problems, [
      `CHANNEL_MODULES: ${rcs}: there is a channel RCS already`,
    ]);
    assert.match(loadOwnChannels('no/such.ts', []).problems.join(), /no\/such\.ts cannot be loaded: /);
    assert.throws(
      () => loadConfig({ CHANNEL_MODULES: rcs }),
      /CHANNEL_MODULES is read when the process starts/,
    );
  });
});
