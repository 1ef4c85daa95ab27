import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Channel, channelNames, firstChannel, nextChannel, perChannel } from '../src/channels.ts';

describe('channels', () => {
  it('lead from the first one through each other once', () => {
    const visited: Channel[] = [];
    for (
      let channel: Channel | undefined = firstChannel;
      channel !== undefined;
      channel = nextChannel(channel)
    ) {
      assert.ok(!visited.includes(channel), `${channel} comes twice`);
      visited.push(channel);
    }
    assert.deepEqual(visited, channelNames);
  });

  it('have a value each', () => {
    const lengths = perChannel((channel) => channel.length);
    assert.deepEqual(Object.keys(lengths), channelNames);
    assert.equal(lengths[firstChannel], firstChannel.length);
  });
});
