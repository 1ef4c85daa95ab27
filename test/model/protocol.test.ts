import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exhaustive } from '../support/exhaustive.ts';
import { breaches } from './breaches.ts';
import { type Fence, fences } from './fences.ts';
import * as model from './modelStatements.ts';
import { scopeNames, searchScope } from './scopes.ts';

describe('the protocol', exhaustive, () => {
  const done = new Set<string>();

  for (const scope of scopeNames) {
    test(`keeps every rule in every state that it can come to: ${scope}`, (t) => {
      const { states, violation, done: doneHere } = searchScope(scope);
      for (const step of doneHere) done.add(step);
      t.diagnostic(`${states} states`);
      assert.deepEqual(violation, undefined);
    });
  }

  test('comes to take every transition', () => {
    const verdicts = ['delivered', 'resend', 'failed'].map((verdict) => `resolveAs ${verdict}`);
    const statements = Object.keys(model).filter(
      (name) => !['settle', 'settling', 'resolveAs', 'moveByReceipts'].includes(name),
    );
    const receipts = ['receiptAccepts', 'receiptTurns', 'receiptFails'];
    const wanted = [...Object.keys(model.settling), ...verdicts, ...receipts, ...statements];
    assert.deepEqual(
      wanted.filter((name) => !done.has(name)),
      [],
    );
  });

  test('forgets no claim for want of a batch row: that only finds it sooner', () => {
    assert.deepEqual(searchScope('relaying', ['batchWithClaim']).violation, undefined);
  });
});

describe('a fence', exhaustive, () => {
  for (const { without, scope, rule, trace } of breaches) {
    test(`is needed: ${without.map((fence) => fences[fence]).join('; ')}`, (t) => {
      const { violation } = searchScope(scope, without, rule === forgotten ? undefined : rule);
      t.diagnostic(`else broken: ${rule}`);
      assert.deepEqual(violation, { rule, trace });
    });
  }

  test('is on the list of breaches, whichever it is', () => {
    const removed = new Set<string>(breaches.flatMap(({ without }) => without));
    assert.deepEqual(
      Object.keys(fences).filter((fence) => !removed.has(fence)),
      [] satisfies Fence[],
    );
  });
});

const forgotten = 'no good end can be reached';
