import type { Channel } from '../bill.ts';
import { type Control, readControl } from '../db/control.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';

/** What people and guard rails have switched off over the whole cluster, as this process last read it. */
export interface Switches {
  /** Reads them once and then every `everyMs`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Whether bills of this channel may be claimed, as far as it is for people and the fallback's guard rail to say. */
  mayStart(channel: Channel): boolean;
}

export interface SwitchesOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly everyMs: number;
  /** Something was switched: what was held up may go on, or must not. */
  readonly onChange: (control: Control) => void;
}

/** A pause is obeyed within two readings; what is handed off is finished, nothing more is started. */
export const createSwitches = ({ database, log, everyMs, onChange }: SwitchesOptions): Switches => {
  let control: Control | undefined;
  let timer: NodeJS.Timeout | undefined;
  let reading = Promise.resolve();
  let stopped = false;

  const read = async (): Promise<void> => {
    const next = await readControl(database);
    const changed = control === undefined || stateOf(control) !== stateOf(next);
    control = next;
    if (!changed) return;
    log.info(switchedOff(next), 'switches read');
    onChange(next);
  };

  const readAgain = (): void => {
    reading = read()
      .catch((error: unknown) => {
        if (!stopped) log.error({ err: error }, 'switches cannot be read');
      })
      .then(() => {
        if (!stopped) timer = setTimeout(readAgain, everyMs);
      });
  };

  return {
    async start() {
      readAgain();
      await reading;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await reading;
    },
    mayStart: (channel) => control !== undefined && isOn(control, channel),
  };
};

/** Pure. A stop of the channel itself is for the channel guard: it lets a few bills through. */
export const isOn = (control: Control, channel: Channel): boolean =>
  !control.paused && (channel !== 'SMS' || control.fallbackStopped === null);

const switchedOff = (control: Control) => ({
  paused: control.paused,
  fallbackStopped: control.fallbackStopped !== null,
  emailStopped: control.sendingStopped.EMAIL !== null,
  smsStopped: control.sendingStopped.SMS !== null,
});

const stateOf = (control: Control): string =>
  JSON.stringify([switchedOff(control), control.fallbackResumedAt]);
