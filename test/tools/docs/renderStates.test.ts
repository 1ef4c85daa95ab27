import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { stateTable } from '../../../src/db/transitions/stateTable.ts';
import { projectDir } from '../../../src/lib/projectDir.ts';
import { renderDiagram, renderTable, withStates } from '../../../tools/docs/renderStates.ts';

const table = {
  claimBills: [
    {
      name: 'claim',
      event: 'claim',
      by: ['dispatcher'],
      from: ['PENDING'],
      ifRow: 'due',
      to: 'SENDING',
      token: 'new',
    },
  ],
  cancelBills: [
    {
      name: 'cancel',
      event: 'a person: cancel',
      by: ['person'],
      from: ['PENDING', 'FAILED'],
      to: 'CANCELLED',
      andRow: 'for good',
      token: 'cleared',
      outcome: 'CANCELLED',
    },
    { name: 'lose', event: 'lost', by: ['person'], from: ['PENDING'], to: 'CANCELLED', token: 'none' },
  ],
} as const;

describe('renderTable', () => {
  it('has a row per transition', () => {
    assert.deepEqual(renderTable(table).split('\n').slice(2), [
      '| PENDING, due | claim | SENDING | new | dispatcher |  | `claimBills.ts` claim |',
      '| PENDING, FAILED | a person: cancel | CANCELLED, for good | cleared | person | CANCELLED | `cancelBills.ts` cancel |',
      '| PENDING | lost | CANCELLED | none | person |  | `cancelBills.ts` lose |',
    ]);
  });
});

describe('renderDiagram', () => {
  it('has an arrow per pair of states', () => {
    assert.deepEqual(renderDiagram(table).split('\n').slice(3, -1), [
      '  PENDING --> SENDING: claim',
      '  PENDING --> CANCELLED: cancel, lose',
      '  FAILED --> CANCELLED: cancel',
    ]);
  });
});

describe('ARCHITECTURE.md', () => {
  const document = readFileSync(join(projectDir, 'ARCHITECTURE.md'), 'utf8');

  it('has the states as the code has them: `npm run docs` writes them', () => {
    assert.equal(withStates(document, stateTable), document);
  });

  it('names files that are there', () => {
    for (const file of Object.keys(stateTable)) {
      assert.ok(existsSync(join(projectDir, 'src/db/transitions', `${file}.ts`)), file);
    }
  });
});

describe('withStates', () => {
  it('refuses a document without the marks', () => {
    assert.throws(() => withStates('# States', table), RangeError);
  });
});
