import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { failureReasons } from '../../../src/operations/explain/reasons.ts';
import { requireReasonCode } from '../../../src/operations/explain/requireReasonCode.ts';

const config = loadConfig({});
describe('a reason that bills are looked for by', () => {
  it('may be missing, a code, or a code with a number', () => {
    const families = ['HTTP_503', 'SMTP_451', 'ANSWER_406'];
    for (const reason of [undefined, ...failureReasons, 'SMS_BOUNCED', ...families]) {
      requireReasonCode(config, reason);
    }
  });

  it('is refused if no bill can have it, and near ones are named', () => {
    refuse(
      'EMAIL_REFUSD',
      /^EMAIL_REFUSD is no reason code: did you mean EMAIL_REFUSED\? `billcast failures`/,
    );
    refuse('NO_CONTACTS', /did you mean NO_CONTACT or NO_CONNECTION\?/);
    refuse('QQQ', /^QQQ is no reason code: it is a word such as EMAIL_REFUSED; `/);
    refuse('HTTP_5O3', /is no reason code/);
  });

  it('may be one that the file of a provider names, or any that your own module gives', () => {
    const mapped = {
      PROVIDER_EMAIL: 'postmark',
      POSTMARK_TOKEN: 't',
      POSTMARK_FROM: 'a@b.kr',
      EMAIL_FROM: 'a@b.kr',
    };
    requireReasonCode(loadConfig(mapped), 'RECIPIENT_INACTIVE');
    assert.throws(
      () => requireReasonCode(loadConfig(mapped), 'RECIPIENT_INACTIV'),
      /did you mean RECIPIENT_INACTIVE/,
    );
  });

  it('is known if any part of the path gives it', () => {
    const files = globSync('src/{consumer,policy,pool,providers,sweeper}/**/*.ts', { cwd: projectDir });
    const given = files.flatMap((file) => [
      ...readFileSync(join(projectDir, file), 'utf8').matchAll(/\breason: '([A-Z][A-Z0-9_]+)'/g),
    ]);
    assert.ok(given.length > 20);
    for (const [, reason] of given) if (!reason?.startsWith('EVENT_')) requireReasonCode(config, reason);
  });
});

function refuse(reason: string, message: RegExp): void {
  assert.throws(() => requireReasonCode(config, reason), { code: 'USAGE', message });
}
