import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelNames, perChannel } from '../src/channels.ts';

describe('channels', () => {
  it('have a value each', () => {
    const lengths = perChannel((channel) => channel.length);
    assert.deepEqual(Object.keys(lengths), channelNames);
    assert.equal(lengths.EMAIL, 'EMAIL'.length);
  });
});
