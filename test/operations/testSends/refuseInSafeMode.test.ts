import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { createDatabase } from '../../../src/db/database.ts';
import { createDispatcher } from '../../../src/dispatcher/dispatcher.ts';
import { createAction } from '../../../src/operations/actions/createAction.ts';
import { bounce } from '../../../src/operations/bounce.ts';
import { releaseBills } from '../../../src/operations/releaseBills.ts';
import { resend } from '../../../src/operations/resend.ts';
import { resolve } from '../../../src/operations/resolve.ts';
import { retry, turnToEmail } from '../../../src/operations/retry.ts';
import { resumeRun } from '../../../src/operations/runs/steerRun.ts';
import { silentLog as log } from '../../support/capturedLog.ts';
import { billIdOf } from '../../support/notifications.ts';

describe('the safe mode', () => {
  it('refuses a dispatcher, and all that would make bills go out, before anything is asked', async (t) => {
    const config = loadConfig({ DELIVER_ONLY_TO: '@company.kr' });
    const servers = { kafkaBrokers: ['127.0.0.1:1'], databaseUrl: 'postgres://127.0.0.1:1/none' };
    const database = createDatabase({ url: servers.databaseUrl, poolSize: 1, log, patienceMs: 0 });
    t.after(() => database.close());
    const deps = { config, database, log };
    const selection = { billIds: [billIdOf(1)] };
    const asked = { actor: 'person kim', reason: 'r', dryRun: false };
    const ways: Readonly<Record<string, () => Promise<unknown>>> = {
      dispatcher: () =>
        createDispatcher({ config, servers, log, onFatal: (error) => assert.fail(String(error)) }),
      publish: () => releaseBills(deps, { month: undefined, actor: 'person kim' }),
      retry: () => retry(deps, { ...asked, selection, askRefused: false }),
      turnToEmail: () => turnToEmail(deps, { ...asked, selection }),
      resend: () => resend(deps, { ...asked, selection }),
      resolve: () => resolve(deps, { ...asked, selection, verdict: 'resend' }),
      bounce: () => bounce(deps, { ...asked, reports: [] }),
      action: () => createAction(deps, { request: { kind: 'resend', selection }, requestedBy: 'kim' }),
      resume: () => resumeRun(deps, { id: '2026-11', actor: { name: 'person kim', isNamed: true } }),
    };
    for (const [name, way] of Object.entries(ways)) {
      await assert.rejects(way, { code: 'USAGE', message: /is refused while DELIVER_ONLY_TO is set/ }, name);
    }
  });
});
