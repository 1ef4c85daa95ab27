import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fishCompletion } from '../../../src/cli/completion/fishCompletion.ts';

it('the completion for fish has a line per command and option, with quotes that hold', () => {
  const option = { flag: '--channel', summary: "this channel's brake", takesValue: true };
  const script = fishCompletion([
    { path: 'resume', summary: 'end the pause', options: [{ ...option, choices: ['EMAIL', 'SMS'] }] },
    { path: 'embedded start', summary: 'start both', options: [] },
  ]);
  assert.deepEqual(script.split('\n').slice(1), [
    "complete -c billcast -f -n '__fish_use_subcommand' -a resume -d 'end the pause'",
    "complete -c billcast -n '__fish_seen_subcommand_from resume' -l channel -x -a 'EMAIL SMS' -d 'this channel\\'s brake'",
    "complete -c billcast -f -n '__fish_seen_subcommand_from embedded; " +
      "and not __fish_seen_subcommand_from start' -a start -d 'start both'",
    '',
  ]);
});
