import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explanationText } from '../../../src/cli/commands/explainCommand.ts';
import { explain } from '../../../src/operations/explain/explain.ts';
import { attempt, historyOf, surroundings } from '../../operations/explain/explained.ts';

describe('the explanation for people', () => {
  it('has the history below the sentences, in the bills’ time zone', () => {
    const history = historyOf({ sendStatus: 'DELIVERED', claimed: true }, { journal: [attempt({})] });
    const text = explanationText(history, explain(history, surroundings), 'Asia/Seoul');
    assert.match(text, /^bill 42 of 2026-11: DELIVERED, e-mail, cycle 1 \(times in Asia\/Seoul\)\n\n/);
    assert.match(
      text,
      /\nNext: Nothing more happens automatically\..*\n\nHistory:\n {2}2026-11-25 08:59:59 {2}cycle 1, e-mail/s,
    );
  });
});
