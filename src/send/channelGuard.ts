import type { Channel } from '../bill.ts';
import { type Control, setSendingStopped } from '../db/control.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { SendAnswer } from './provider.ts';

/**
 * Stops a channel whose provider refuses our settings: every bill would come back, and nothing is wrong with any.
 * Now and then a few bills are let through on trial; when the provider judges one of them, the channel goes on.
 *
 * A channel is open here, or stopped: by what this process was answered, at once; by the switch, which every other
 * dispatcher reads.
 */
export interface ChannelGuard {
  /** How many of so many bills may be claimed now: all, none, or the few of a trial, which are used up by it. */
  admit(channel: Channel, wanted: number): number;
  answered(channel: Channel, answer: SendAnswer): void;
  /** Another dispatcher has stopped a channel, or somebody lets it go on. */
  obey(control: Pick<Control, 'sendingStopped'>): void;
  stop(): void;
}

export interface ChannelGuardOptions {
  readonly database: Database;
  readonly log: Logger;
  /** This dispatcher, for the switch. */
  readonly name: string;
  /** A trial may begin. */
  readonly onTrial: () => void;
  /** From the stop to the first trial; doubled from one to the next. */
  readonly firstTrialMs?: number;
}

interface Stop {
  /** Bills that may still be tried. */
  allowance: number;
  trials: number;
  /** The switch is thrown, or about to be, since the last trial. */
  reported: boolean;
  timer: NodeJS.Timeout | undefined;
}

const billsATrial = 10;
const defaultFirstTrialMs = 5_000;
const longestTrialMs = 300_000;

export const createChannelGuard = (options: ChannelGuardOptions): ChannelGuard => {
  const { database, log, name, onTrial, firstTrialMs = defaultFirstTrialMs } = options;
  const stops = new Map<Channel, Stop>();
  const by = `dispatcher ${name}`;

  const scheduleTrial = (stop: Stop): void => {
    const waitMs = Math.min(firstTrialMs * 2 ** stop.trials, longestTrialMs);
    stop.timer = setTimeout(() => {
      stop.trials++;
      stop.allowance = billsATrial;
      stop.reported = false;
      scheduleTrial(stop);
      onTrial();
    }, waitMs);
  };

  const close = (channel: Channel, reported: boolean): Stop => {
    const stop: Stop = { allowance: 0, trials: 0, reported, timer: undefined };
    stops.set(channel, stop);
    scheduleTrial(stop);
    return stop;
  };

  const open = (channel: Channel): void => {
    clearTimeout(stops.get(channel)?.timer);
    stops.delete(channel);
  };

  /** Many answers say the same; the first one since the last trial speaks for them. */
  const refusedSettings = (channel: Channel, answer: string): void => {
    const stop = stops.get(channel) ?? close(channel, false);
    stop.allowance = 0;
    if (stop.reported) return;
    stop.reported = true;
    turn(channel, true, `the provider refuses our settings (${answer})`, () =>
      log.error(
        { channel, answer },
        'channel stopped: the provider refuses our settings; mend them, or `billcast resume --channel`',
      ),
    );
  };

  /** Answers to what was sent before the stop prove nothing: they are in before the first trial. */
  const tookMessage = (channel: Channel): void => {
    if ((stops.get(channel)?.trials ?? 0) === 0) return;
    open(channel);
    turn(channel, false, 'the provider takes messages again', () =>
      log.warn({ channel }, 'channel goes on: the provider takes messages again'),
    );
    onTrial();
  };

  const turn = (channel: Channel, stopped: boolean, reason: string, onTurned: () => void): void => {
    setSendingStopped(database, { channel, stopped }, { by, reason }).then(
      (turned) => turned && onTurned(),
      (error: unknown) => log.error({ err: error, channel }, 'channel cannot be switched'),
    );
  };

  return {
    admit(channel, wanted) {
      const stop = stops.get(channel);
      if (stop === undefined) return wanted;
      const admitted = Math.min(wanted, stop.allowance);
      stop.allowance -= admitted;
      return admitted;
    },
    answered(channel, answer) {
      if (answer.kind === 'misconfigured') refusedSettings(channel, answer.reason);
      else if (answer.kind === 'accepted' || answer.kind === 'refused') tookMessage(channel);
    },
    obey({ sendingStopped }) {
      for (const channel of ['EMAIL', 'SMS'] as const) {
        if (sendingStopped[channel] === null) open(channel);
        else if (!stops.has(channel)) close(channel, true);
      }
    },
    stop() {
      for (const { timer } of stops.values()) clearTimeout(timer);
    },
  };
};
