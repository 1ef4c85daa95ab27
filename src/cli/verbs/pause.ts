import type { Command } from 'commander';
import { type Control, readControl, setPaused } from '../../db/control.ts';
import { thrownText } from '../explain/switches.ts';
import { timeIn } from '../explain/wording.ts';
import { personAtTerminal, printFacts, type System, withSystem } from '../system.ts';

interface PauseOptions {
  reason?: string;
  json?: boolean;
}

export const addPause = (program: Command): void => {
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
};

/** Prints how the switches stand now. */
export const printControl = async (
  { database, config }: System,
  options: { json?: boolean },
): Promise<void> => {
  const control = await readControl(database);
  printFacts(options.json ? control : controlLines(control, config.timeZone), options);
};

/** The switches for people: `no`, or since when, by whom and why. */
export const controlLines = (control: Control, timeZone: string): Record<string, string> => {
  const time = timeIn(timeZone);
  const line = (thrown: Control['pause']): string => (thrown === null ? 'no' : thrownText(thrown, time));
  return {
    paused: line(control.pause),
    'SMS fallback stopped': line(control.fallbackStopped),
    'e-mail stopped': line(control.sendingStopped.EMAIL),
    'SMS stopped': line(control.sendingStopped.SMS),
  };
};
