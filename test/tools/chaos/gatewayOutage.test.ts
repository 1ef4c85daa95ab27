import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { releaseBrakes, tripBrake } from '../../../src/db/brake.ts';
import { readBrakeStates } from '../../../src/db/reads/brakeStates.ts';
import type { GatewayOptions } from '../../../tools/gateway/gatewayOptions.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { useTemporaryFolder } from '../../support/temporaryFolder.ts';
import { noFaults, startTestGateway } from '../../support/testGateway.ts';
import { oneProvider } from '../../support/testLanes.ts';
import { createTestSystem, isFinished, type TestSystem } from '../../support/testSystem.ts';

const folder = useTemporaryFolder();
const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends.reverse()) await end();
});

/** A billcast with a separate gateway, whose ledger its verdict uses. */
async function createGatewaySystem(
  gatewayOptions: Partial<GatewayOptions>,
  settings: Record<string, string> = {},
): Promise<TestSystem> {
  const gateway = await startTestGateway(folder, gatewayOptions);
  ends.push(gateway.close);
  const system = await createTestSystem({
    PROVIDER_EMAIL: 'http',
    HTTP_EMAIL_URL: gateway.url,
    HTTP_EMAIL_LOOKUP: 'authoritative',
    PROVIDER_SMS: 'http',
    HTTP_SMS_URL: gateway.url,
    HTTP_SMS_LOOKUP: 'authoritative',
    SIMULATED_LEDGER: gateway.ledgerFile,
    ...settings,
  });
  ends.push(system.destroy);
  return system;
}

async function accounts(system: TestSystem) {
  const { lost, duplicated, inDoubt, inProgress } = await system.verdict();
  return { lost, duplicated, inDoubt, inProgress };
}
const nothingWrong = { lost: 0, duplicated: 0, inDoubt: 0, inProgress: 0 };

describe('a gateway that refuses, breaks connections, fails and is busy', () => {
  it('costs no bill and doubles none: every doubt is looked up', async () => {
    const rates = {
      ...noFaults,
      refuse: 0.05,
      break: 0.03,
      failBefore: 0.02,
      failAfter: 0.02,
      tooMany: 0.03,
    };
    const system = await createGatewaySystem({ rates: { ...rates, hang: 0.005, unavailable: 0.02 } });
    await system.publish(600);
    const dispatcher = await system.startDispatcher();
    await system.until('all bills are finished', isFinished, 120_000);
    assert.deepEqual(await accounts(system), nothingWrong);
    const outcomes = await outcomesOf(system);
    for (const outcome of ['ACCEPTED', 'REFUSED', 'NOT_SENT', 'UNKNOWN', 'NEVER']) {
      assert.ok((outcomes.get(outcome) ?? 0) > 0, `${outcome}: ${[...outcomes]}`);
    }
    assert.equal(await dispatcher.stop(), 0);
  });
});

describe('a wrong token', () => {
  it('stops the channel and harms no bill; with the right one and a resume they are delivered', async () => {
    const system = await createGatewaySystem({ token: 'right' }, { HTTP_SMS_TOKEN: 'right' });
    await system.publish(200);
    const wrong = await system.startDispatcher({ HTTP_EMAIL_TOKEN: 'wrong' });
    await system.until(
      'e-mail is stopped',
      async () =>
        (await readBrakeStates(system.database, { ladder: standardLadder, providers: oneProvider })).EMAIL
          .kind === 'settings',
    );
    await system.until('what was in flight is back', ({ sending, sent }) => sending + sent === 0);
    const { failed, inDoubt, sms } = await system.states();
    const outcomes = await outcomesOf(system);
    const withoutAddress = outcomes.get('UNPREPARABLE') ?? 0;
    assert.deepEqual([failed, inDoubt, sms], [0, 0, withoutAddress], 'none is worse off than before');
    assert.ok((outcomes.get('NOT_SENT') ?? 0) > 0);
    assert.match(wrong.output(), /brake is on: no bill goes out by this channel/);
    assert.equal(await wrong.stop(), 0);
    const right = await system.startDispatcher({ HTTP_EMAIL_TOKEN: 'right' });
    await releaseBrakes(system.database, ['EMAIL'], { by: 'person test' });
    await system.until('all bills are finished', isFinished);
    assert.deepEqual(await accounts(system), nothingWrong);
    assert.equal((await system.states()).delivered, 200);
    assert.equal(await right.stop(), 0);
  });

  it('that is put right needs nobody: a few bills on trial find out', async () => {
    const system = await createGatewaySystem({ token: 'right' }, { HTTP_EMAIL_TOKEN: 'right' });
    const stopped = {
      brake: 'EMAIL',
      kind: 'settings',
      cause: 'HTTP 401',
      by: 'dispatcher host:1',
    } as const;
    await tripBrake(system.database, { ...stopped, firstTrialMs: 100 });
    await system.publish(100);
    const right = await system.startDispatcher();
    await system.until('all bills are finished', isFinished);
    assert.equal((await system.states()).delivered, 100);
    assert.equal(await right.stop(), 0);
  });
});

async function outcomesOf({ database }: TestSystem): Promise<ReadonlyMap<string, number>> {
  return new Map(
    await database.query<[string, number]>({
      name: 'outcomes',
      text: 'select outcome, count(*)::int from delivery_attempt group by 1',
    }),
  );
}
