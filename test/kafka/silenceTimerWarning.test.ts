import assert from 'node:assert/strict';
import { once } from 'node:events';
import { it } from 'node:test';
import { silenceNegativeTimeouts } from '../../src/kafka/silenceTimerWarning.ts';

it('silences one warning of Node by its name, and no other', async () => {
  silenceNegativeTimeouts();
  silenceNegativeTimeouts();
  const warned = once(process, 'warning');
  clearTimeout(setTimeout(() => undefined, -5));
  process.emitWarning('another', 'TestWarning');
  const [warning] = await warned;
  assert.equal(warning.name, 'TestWarning');
});
