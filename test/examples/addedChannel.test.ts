import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../../src/lib/projectDir.ts';
import { ask, askValue } from '../support/ask.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { createTestSystem } from '../support/testSystem.ts';

const folder = useTemporaryFolder();
const system = await createTestSystem({
  SIMULATED_DELAY_MS: '10',
  SIMULATED_REFUSAL_RATE: '0.4',
  FALLBACK_STOP_RATE: '1',
  SMS_TURN_STOP_RATE: '1',
});
after(() => system.destroy());

/** A channel without a text of another one to fall back on. */
const push = `export default {
  name: 'PUSH', label: 'push message', labelInKorean: '푸시', keepsQuietHours: false, contact: 'phone',
  message: { kind: 'text', text: 'push.txt' }, forms: ['alimtalk'],
};`;

describe('a channel that is added to a running system', () => {
  const settings = {
    CHANNEL_MODULES: join(folder, 'push.ts'),
    TOPIC_PUSH: `${system.config.kafka.topics.EMAIL}-push`,
  };

  async function billcast(...args: readonly string[]): Promise<string> {
    const command = [join(projectDir, 'src/cli/billcast.ts'), ...args];
    const env = { ...bareEnvironment, ...system.environment, ...used };
    return (await promisify(execFile)(process.execPath, command, { cwd: folder, env })).stdout;
  }

  const used = { ...settings, CHANNELS: 'EMAIL,PUSH,SMS', TEMPLATES_DIR: join(folder, 'templates') };

  it('asks nothing of the templates before the list of channels names it', async () => {
    writeFileSync(settings.CHANNEL_MODULES, push);
    const dispatcher = await system.startDispatcher(settings);
    assert.equal(await dispatcher.stop(), 0);
  });

  it('takes the bills that are refused before it, and gives its own on', async () => {
    cpSync(join(projectDir, 'templates'), used.TEMPLATES_DIR, { recursive: true });
    await assert.rejects(system.startDispatcher(used), /push\.txt:1: the file is missing/);
    for (const language of ['ko', 'en']) {
      writeFileSync(
        join(used.TEMPLATES_DIR, `bill/${language}/push.txt`),
        '{{memberName}} {{totalBilled}}\n',
      );
    }
    const dispatcher = await system.startDispatcher(used);
    await system.publish(200);
    await system.until('every bill has an end', ({ delivered, failed }) => delivered + failed === 200);
    const [byPush, bySms] = await ask<[string]>(
      system.database,
      `select count(*) from delivery_attempt where outcome = 'ACCEPTED' and channel in ('PUSH', 'SMS')
       group by channel order by channel`,
    );
    assert.ok(Number(byPush) > 20 && Number(bySms) > 2, `${byPush} by push, ${bySms} by SMS`);
    const bill = await askValue<string>(
      system.database,
      `select bill_id from bill_notification where channel = 'SMS' and send_status = 'DELIVERED' limit 1`,
    );
    assert.match(await billcast('explain', bill), /, push message: refused by the provider/);
    assert.match(await billcast('status'), /^brake PUSH +off$/m);
    assert.equal(await dispatcher.stop(), 0);
  });
});
