import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import { type Control, setFallbackStopped, setPaused, setSendingStopped } from '../../src/db/control.ts';
import { createSwitches, type Switches } from '../../src/dispatcher/switches.ts';
import { silentLog } from '../support/capturedLog.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const signed = { by: 'person test', reason: 'a test' };
const running: Switches[] = [];
afterEach(() => Promise.all(running.splice(0).map((switches) => switches.stop())));

const startSwitches = async () => {
  const changes = new EventEmitter();
  const onChange = (control: Control) => changes.emit('change', control);
  const switches = createSwitches({ database: db.database, log: silentLog, everyMs: 20, onChange });
  running.push(switches);
  await switches.start();
  return { switches, changed: () => once(changes, 'change') };
};

const may = ({ mayStart }: Switches) => [mayStart('EMAIL'), mayStart('SMS')];

describe('switches', () => {
  it('let nothing start before they are read', () => {
    const options = { database: db.database, log: silentLog, everyMs: 20, onChange: () => undefined };
    assert.deepEqual(may(createSwitches(options)), [false, false]);
  });

  it('hold everything in a pause, and let it go again', async () => {
    const { switches, changed } = await startSwitches();
    assert.deepEqual(may(switches), [true, true]);
    await Promise.all([changed(), setPaused(db.database, true, signed)]);
    assert.deepEqual(may(switches), [false, false]);
    await Promise.all([changed(), setPaused(db.database, false, signed)]);
    assert.deepEqual(may(switches), [true, true]);
  });

  it('hold SMS alone when the fallback is stopped', async () => {
    const { switches, changed } = await startSwitches();
    await Promise.all([changed(), setFallbackStopped(db.database, true, signed)]);
    assert.deepEqual(may(switches), [true, false]);
    await Promise.all([changed(), setFallbackStopped(db.database, false, signed)]);
    assert.deepEqual(may(switches), [true, true]);
  });

  it('leave a channel whose provider refuses our settings to its guard, and tell of the stop', async () => {
    const { switches, changed } = await startSwitches();
    await Promise.all([
      changed(),
      setSendingStopped(db.database, { channel: 'EMAIL', stopped: true }, signed),
    ]);
    assert.deepEqual(may(switches), [true, true]);
    await Promise.all([
      changed(),
      setSendingStopped(db.database, { channel: 'EMAIL', stopped: false }, signed),
    ]);
  });
});
