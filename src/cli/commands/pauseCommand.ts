import type { Command } from 'commander';
import { type Control, readControl, setPaused } from '../../db/control.ts';
import { type BrakeStates, readBrakeStates } from '../../db/reads/brakeStates.ts';
import { brakeText, thrownText } from '../../operations/explain/switches.ts';
import { timeIn } from '../../operations/explain/wording.ts';
import type { BrakeFacts } from '../../operations/readFacts.ts';
import { personAtTerminal, printFacts, type System, withSystem } from '../system.ts';

interface PauseOptions {
  reason?: string;
  json?: boolean;
}

export function addPause(program: Command): void {
  program
    .command('pause')
    .description('pause the whole cluster: dispatchers finish what is handed off and start nothing more')
    .option('--reason <text>', 'why; no names or numbers of persons')
    .option('--json', 'print the facts as one line of JSON')
    .action((options: PauseOptions) =>
      withSystem(async (system) => {
        await setPaused(system.database, true, { by: personAtTerminal(), reason: options.reason });
        await printControl(system, options);
      }),
    );
}

/** Prints how the pause and the brakes stand now. */
export async function printControl({ database, config }: System, options: { json?: boolean }): Promise<void> {
  const control = await readControl(database);
  const brakes = await readBrakeStates(database);
  printFacts(options.json ? { ...control, brakes } : controlLines(control, brakes, config.timeZone), options);
}

/** The pause and the brakes for people. */
export function controlLines(
  { pause }: Control,
  brakes: BrakeStates,
  timeZone: string,
): Record<string, string> {
  return {
    paused: pause === null ? 'no' : thrownText(pause, timeIn(timeZone)),
    ...brakeLines(brakes, timeZone),
  };
}

/** The brakes for people, a line each. */
export function brakeLines(brakes: BrakeFacts, timeZone: string): Record<string, string> {
  const line = (channel: keyof BrakeFacts): string =>
    brakes[channel].on ? brakeText(channel, brakes[channel], timeIn(timeZone)) : 'off';
  return { 'brake EMAIL': line('EMAIL'), 'brake SMS': line('SMS') };
}
