import { type Channel, channelNames } from '../channels.ts';
import type { Control } from '../db/control.ts';
import { brakeText, thrownText } from '../operations/explain/switches.ts';
import { timeIn } from '../operations/explain/wording.ts';
import type { ChangedSwitches } from '../operations/pause.ts';
import type { BrakeFacts } from '../operations/status.ts';
import { printFacts } from './output.ts';

/** Prints how the pause and the brakes stand. */
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
  const line = (channel: Channel): string =>
    brakes[channel].on ? brakeText(channel, brakes[channel], timeIn(timeZone)) : 'off';
  return Object.fromEntries(channelNames.map((channel) => [`brake ${channel}`, line(channel)]));
}
