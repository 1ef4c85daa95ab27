import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLanes } from '../../src/relay/lanes.ts';
import { createLaneLog } from '../../src/relay/logLaneChanges.ts';
import { captureLog } from '../support/capturedLog.ts';

function saying(type: string): Error {
  return Object.assign(new Error('words of the broker'), { type });
}

function arrange() {
  let now = 0;
  const { log, lines } = captureLog();
  const lanes = createLanes(() => now);
  const logChanges = createLaneLog(log, () => now);
  return {
    lines,
    lane: (partition: number) => lanes.ofPartition({ topic: 't', partition }),
    report: () => logChanges(lanes.takeChanges()),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('the log lines about blocked topics', () => {
  it('is one line for all partitions with the same cause, and one when they work again', () => {
    const { lane, report, lines, pass } = arrange();
    for (const partition of [0, 2]) lane(partition).fail(saying('NOT_ENOUGH_REPLICAS'));
    lane(1).fail(saying('TOPIC_AUTHORIZATION_FAILED'));
    report();
    pass(2_000);
    for (const partition of [0, 1, 2]) lane(partition).succeed();
    report();
    assert.deepEqual(
      lines.map(({ msg, topic, partitions, error }) => [msg, topic, partitions, error]),
      [
        [
          'topic cannot be written: its records wait, all others are published',
          't',
          [0, 2],
          'NOT_ENOUGH_REPLICAS',
        ],
        [
          'topic cannot be written: its records wait, all others are published',
          't',
          [1],
          'TOPIC_AUTHORIZATION_FAILED',
        ],
        ['topic can be written again', 't', [0, 1, 2], undefined],
      ],
    );
    assert.match(String(lines[0]?.todo), /min\.insync\.replicas/);
    assert.equal(lines[0]?.why, 'words of the broker');
    assert.match(String(lines[1]?.todo), /Write/);
  });

  it('is a line more if the cause changes', () => {
    const { lane, report, lines, pass } = arrange();
    for (const type of [
      undefined,
      'NOT_LEADER_FOR_PARTITION',
      'LEADER_NOT_AVAILABLE',
      'LEADER_NOT_AVAILABLE',
    ]) {
      lane(0).fail(type === undefined ? new Error('connect ECONNREFUSED') : saying(type));
      report();
      pass(15_000);
    }
    assert.deepEqual(
      lines.map(({ component, error }) => component ?? error),
      ['kafka', 'NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'],
    );
  });

  it('is no line each second about one that comes and goes', () => {
    const { lane, report, lines, pass } = arrange();
    for (let second = 0; second < 9; second++) {
      lane(0).fail(saying('NOT_LEADER_FOR_PARTITION'));
      report();
      lane(0).succeed();
      report();
      pass(1_000);
    }
    assert.equal(lines.length, 2);
  });

  it('blames no topic if no broker answers', () => {
    const { lane, report, lines } = arrange();
    for (const partition of [0, 1]) lane(partition).fail(new Error('connect ECONNREFUSED'));
    report();
    assert.deepEqual(
      lines.map(({ msg, component }) => [msg, component]),
      [['server unreachable, retrying', 'kafka']],
    );
  });
});
