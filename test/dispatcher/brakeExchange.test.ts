import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type PerChannel, perChannel } from '../../src/channels.ts';
import { releaseBrakes, selectBrakes, tripBrake } from '../../src/db/brake.ts';
import { setPaused } from '../../src/db/control.ts';
import { type BrakeExchange, createBrakeExchange } from '../../src/dispatcher/brakeExchange.ts';
import type { ChannelBrake } from '../../src/policy/brake/channelBrake.ts';
import type { SendAnswer } from '../../src/providers/provider.ts';
import { ask } from '../support/ask.ts';
import { createBrake, usualLimits } from '../support/brakeRows.ts';
import { captureLog } from '../support/capturedLog.ts';
import { eventually } from '../support/eventually.ts';
import { newDispatcherId } from '../support/notifications.ts';
import { standardLadder } from '../support/standardLadder.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const running: BrakeExchange[] = [];
beforeEach(() => ask(db.database, 'delete from control; delete from brake; delete from channel_outcome'));
afterEach(() => Promise.all(running.splice(0).map((exchange) => exchange.stop())));

const signed = { by: 'person alice', reason: 'a test' };
const broken = { kind: 'unknown', reason: 'HTTP_500', cause: 'HTTP 500: oops' } as const;
const refused = { kind: 'refused', reason: 'HTTP_422', cause: 'HTTP 422: no' } as const;
const accepted = { kind: 'accepted' } as const;

/** The brakes of one dispatcher, with records of every channel waiting. */
async function start() {
  const brakes = perChannel((channel) => createBrake({ channel, capacity: 100 }));
  return { brakes, ...(await exchangeOf(Object.values(brakes))) };
}

/** The brakes of a dispatcher that has two providers of e-mail. */
async function startWithTwo() {
  const ses = createBrake({ route: 'EMAIL/ses' });
  const postmark = createBrake({ route: 'EMAIL/postmark' });
  const sms = createBrake({ route: 'SMS' });
  return { ses, postmark, sms, ...(await exchangeOf([ses, postmark, sms])) };
}

async function exchangeOf(brakes: readonly ChannelBrake[]) {
  const captured = captureLog();
  const exchange = createBrakeExchange(
    { database: db.database, log: captured.log, brakes, hasWaiting: () => true },
    {
      id: newDispatcherId(),
      name: 'host:1',
      everyMs: 20,
      limits: usualLimits,
      ladder: standardLadder,
      longestSendMs: 1_000,
    },
  );
  running.push(exchange);
  await exchange.start();
  return captured;
}

function answer(brake: ChannelBrake, given: SendAnswer, times = 1): void {
  for (let time = 0; time < times; time++) {
    const started = brake.start();
    if (started !== undefined) brake.recordAnswer(given, started);
  }
}
function isOpen(brake: ChannelBrake): boolean {
  return brake.start() !== undefined;
}
function until(what: () => boolean) {
  return eventually(what);
}

describe('the brakes of dispatchers', () => {
  it('are closed until they have read, obey a pause, and go on after it', async () => {
    const { brakes } = await start();
    assert.equal(isOpen(brakes.EMAIL), true);
    await setPaused(db.database, true, signed);
    await until(() => !isOpen(brakes.EMAIL) && !isOpen(brakes.SMS));
    await setPaused(db.database, false, signed);
    await until(() => isOpen(brakes.EMAIL));
  });

  it('go on in every dispatcher, said in one line with the real cause', async () => {
    const [one, other] = [await start(), await start()];
    answer(one.brakes.EMAIL, broken, 20);
    await until(() => other.brakes.EMAIL.heardKind === 'unknown');
    assert.deepEqual([isOpen(other.brakes.EMAIL), isOpen(other.brakes.SMS)], [false, true]);
    const loud = () => [...one.lines, ...other.lines].filter(({ level }) => level >= 40);
    await until(() => loud().length > 0);
    assert.deepEqual(
      loud().map(({ channel, kind, cause }) => [channel, kind, cause]),
      [['EMAIL', 'unknown', 'HTTP 500: oops']],
    );
  });

  it('go on by what few bills of many dispatchers came to together', async () => {
    const all = await Promise.all(Array.from({ length: 7 }, start));
    for (const { brakes } of all) answer(brakes.EMAIL, broken, 3);
    await until(() => all.every(({ brakes }) => !isOpen(brakes.EMAIL)));
    await eventually(async () => (await selectBrakes(db.database))[0]?.kind === 'unknown');
  });

  it('for refused e-mails hold SMS back too, until a person releases them', async () => {
    const { brakes } = await start();
    answer(brakes.EMAIL, refused, 20);
    await until(() => !isOpen(brakes.EMAIL) && !isOpen(brakes.SMS));
    await releaseBrakes(db.database, ['SMS'], signed);
    await until(() => isOpen(brakes.EMAIL) && isOpen(brakes.SMS));
    answer(brakes.EMAIL, refused, 19);
    assert.equal(brakes.EMAIL.trip, undefined, 'what was refused before counts no more');
  });

  it('give one of them a trial at a time, and go off by an acceptance', async () => {
    const [one, other] = [await start(), await start()];
    answer(one.brakes.EMAIL, broken, 20);
    await until(() => other.brakes.EMAIL.heardKind === 'unknown' && one.brakes.EMAIL.heardKind === 'unknown');
    await ask(db.database, 'update brake set next_trial_at = now()');
    const trialOf = ({ brakes }: { brakes: PerChannel<ChannelBrake> }) => brakes.EMAIL.admit(10, 0).trial;
    const { promise: taken, resolve } = Promise.withResolvers<() => void>();
    await until(() => {
      for (const dispatcher of [one, other]) {
        const trial = trialOf(dispatcher);
        const started = trial && dispatcher.brakes.EMAIL.start(trial);
        if (started) {
          resolve(() => dispatcher.brakes.EMAIL.recordAnswer(accepted, started));
          return true;
        }
      }
      return false;
    });
    assert.deepEqual([trialOf(one), trialOf(other)], [undefined, undefined]);
    (await taken)();
    await until(() => isOpen(one.brakes.EMAIL) && isOpen(other.brakes.EMAIL));
    const off = [...one.lines, ...other.lines].filter(({ msg }) => msg.startsWith('brake is off'));
    assert.equal(off.length, 1);
  });
});

describe('the brakes of several providers', () => {
  it('stop one provider in every dispatcher, and not the channel', async () => {
    const [one, other] = [await startWithTwo(), await startWithTwo()];
    answer(one.ses, broken, 20);
    await until(() => !isOpen(one.ses) && !isOpen(other.ses));
    assert.deepEqual([isOpen(one.postmark), isOpen(other.postmark), isOpen(other.sms)], [true, true, true]);
    // Both may have stopped by the common counts, before either has put the brake on for all.
    await eventually(async () => (await selectBrakes(db.database))[0]?.brake === 'EMAIL/ses');
    await ask(db.database, 'update brake set next_trial_at = now()');
    const { promise: tried, resolve } = Promise.withResolvers<ChannelBrake>();
    await until(() => {
      const brake = [one.ses, other.ses].find((each) => each.offersTrial);
      if (brake !== undefined) resolve(brake);
      return brake !== undefined;
    });
    const brake = await tried;
    const { trial } = brake.admit(1, 0);
    const started = brake.start(trial);
    assert.ok(started);
    brake.recordAnswer(accepted, started);
    await until(() => isOpen(one.ses) && isOpen(other.ses));
  });

  it('stop the channel and those behind it for refusals, until a person has looked', async () => {
    const { ses, postmark, sms } = await startWithTwo();
    answer(ses, refused, 20);
    await until(() => ![ses, postmark, sms].some(isOpen));
    assert.deepEqual((await selectBrakes(db.database))[0]?.brake, 'EMAIL');
    await releaseBrakes(db.database, ['SMS'], signed);
    await until(() => [ses, postmark, sms].every(isOpen));
  });

  it('of a channel that had one provider before end with a trial of any', async () => {
    const { postmark, ses } = await startWithTwo();
    const left = { brake: 'EMAIL', kind: 'unreachable', cause: 'ECONNREFUSED', by: 'a' } as const;
    await tripBrake(db.database, { ...left, firstTrialMs: 0 });
    await until(() => [ses, postmark].some((brake) => brake.offersTrial));
    assert.equal([ses, postmark].some(isOpen), false);
    const tried = [ses, postmark].find((brake) => brake.offersTrial) ?? assert.fail();
    const started = tried.start(tried.admit(1, 0).trial);
    assert.ok(started);
    tried.recordAnswer(accepted, started);
    await until(() => [ses, postmark].every(isOpen));
  });
});
