import type { Control } from '../db/control.ts';
import { timeIn } from '../lib/timeText.ts';
import { listBrakes } from '../operations/brakeList.ts';
import { brakeText, type ShownBrake, thrownText } from '../operations/explain/switches.ts';
import type { ChangedSwitches } from '../operations/pause.ts';
import type { BrakeFacts } from '../operations/status.ts';
import { printFacts } from './output.ts';

/** Prints the state of the pause and the brakes. */
export function printSwitches(
  { brakes, changed, ...control }: ChangedSwitches,
  { json, timeZone }: { readonly json: boolean | undefined; readonly timeZone: string },
): void {
  printFacts(json ? { ...control, brakes, changed } : switchLines(control, brakes, timeZone), { json });
}

/** The pause and the brakes for people, one line each. */
export function switchLines(
  { pause }: Control,
  brakes: BrakeFacts,
  timeZone: string,
): Record<string, string> {
  return {
    paused: pause === null ? 'no' : thrownText(pause, timeIn(timeZone)),
    ...brakeLines(brakes, timeZone),
  };
}

function brakeLines(brakes: BrakeFacts, timeZone: string): Record<string, string> {
  return Object.fromEntries(
    listBrakes<ShownBrake>(brakes).map((listed) => {
      const { channel, provider, brake } = listed;
      const name = provider === null ? channel : `${channel}/${provider}`;
      return [`brake ${name}`, brake.on ? brakeText(listed, timeIn(timeZone)) : 'off'];
    }),
  );
}
