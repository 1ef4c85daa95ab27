import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findShortLetterRoom } from '../../src/operations/deadLetterTopic.ts';

function factsOf(bytes: Record<string, number>) {
  return new Map(Object.entries(bytes).map(([topic, maxMessageBytes]) => [topic, { maxMessageBytes }]));
}

describe('the room of the dead letter topic', () => {
  it('is enough if it takes whatever its sources take', () => {
    assert.equal(findShortLetterRoom('d', factsOf({ e: 5, s: 7, d: 7 })), undefined);
  });

  it('is short if any source takes more', () => {
    assert.deepEqual(findShortLetterRoom('d', factsOf({ e: 5, s: 7, d: 6 })), {
      letterBytes: 6,
      sourceBytes: 7,
    });
  });
});
