import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandText } from '../../../src/dashboard/parts/commandText.ts';

describe('a sentence with a command', () => {
  it('shows the command as code', () => {
    const [before, command, after] = commandText('Use `billcast resume`.');
    assert.deepEqual([before, after], ['Use ', '.']);
    const { type, props } = Object(command);
    assert.deepEqual([type, props.children], ['code', 'billcast resume']);
  });
});
