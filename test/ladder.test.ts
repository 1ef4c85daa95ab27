import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stepFailures } from '../src/channelModule.ts';
import { type Channel, channelNames } from '../src/channels.ts';
import { channelsBefore, firstChannel, hasNext, type Ladder, nextChannel } from '../src/ladder.ts';
import { ladderOf } from './support/standardLadder.ts';

const three = ladderOf('EMAIL', 'ALIMTALK', 'SMS');

function withRules(
  ladder: Ladder,
  channel: Channel,
  escalates: Ladder['rules'][Channel]['escalates'],
): Ladder {
  return { ...ladder, rules: { ...ladder.rules, [channel]: { ...ladder.rules[channel], escalates } } };
}

const anyLadder = fc
  .shuffledSubarray([...channelNames], { minLength: 1 })
  .map(([first, ...others]) => ladderOf(first ?? 'EMAIL', ...others));

describe('the order of the channels', () => {
  it('leads from the first one through each other once', () => {
    fc.assert(
      fc.property(anyLadder, fc.constantFrom(...stepFailures), (ladder, failure) => {
        const passed: Channel[] = [];
        let channel = firstChannel(ladder);
        for (;;) {
          const next = nextChannel(ladder, { channel, passed: passed.length === 0 ? null : passed }, failure);
          passed.push(channel);
          if (next === undefined) break;
          channel = next;
        }
        assert.deepEqual(passed, ladder.order);
      }),
    );
  });

  it('never leads back to a channel that the cycle has left, however often it is changed', () => {
    fc.assert(
      fc.property(fc.array(anyLadder, { minLength: 1, maxLength: 8 }), ([first = three, ...later]) => {
        const passed: Channel[] = [];
        let channel = firstChannel(first);
        for (const ladder of later) {
          const next = nextChannel(ladder, { channel, passed }, 'refused');
          if (next === undefined) break;
          passed.push(channel);
          assert.ok(!passed.includes(next), `${passed.join()} and back to ${next}`);
          channel = next;
        }
      }),
    );
  });

  it('goes on from a channel that is no longer in it with the first one that was not tried', () => {
    const shorter = ladderOf('EMAIL', 'SMS');
    assert.equal(nextChannel(shorter, { channel: 'ALIMTALK', passed: ['EMAIL'] }, 'refused'), 'SMS');
    assert.equal(nextChannel(shorter, { channel: 'ALIMTALK', passed: null }, 'refused'), 'EMAIL');
  });

  it('ends at a failure after which the settings let no bill go on', () => {
    const ladder = withRules(three, 'ALIMTALK', ['refused']);
    const at = { channel: 'ALIMTALK', passed: ['EMAIL'] } as const;
    assert.equal(nextChannel(ladder, at, 'refused'), 'SMS');
    assert.equal(nextChannel(ladder, at, 'noContact'), undefined);
    assert.equal(nextChannel(ladder, at, 'bounced'), undefined);
  });

  it('knows what comes before, and where a bill can go on at all', () => {
    assert.deepEqual(channelsBefore(three, 'SMS'), ['EMAIL', 'ALIMTALK']);
    assert.deepEqual(channelsBefore(ladderOf('SMS'), 'EMAIL'), []);
    assert.deepEqual(
      three.order.filter((channel) => hasNext(three, channel)),
      ['EMAIL', 'ALIMTALK'],
    );
    assert.ok(!hasNext(withRules(three, 'EMAIL', []), 'EMAIL'));
  });
});
