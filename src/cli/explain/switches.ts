import type { Thrown } from '../../db/control.ts';
import type { BillView, Next, View } from './explanation.ts';
import { wayOf } from './wording.ts';

/** Switches that are thrown are said whatever the bill's state: they explain what the whole cluster does. */
export const switchSentences = ({ control, time }: View): string[] => {
  const said = (what: string, thrown: Thrown | null): string[] =>
    thrown === null ? [] : [`${what} ${thrownText(thrown, time)}.`];
  return [
    ...said('billcast is paused', control.pause),
    ...said('The SMS fallback is stopped', control.fallbackStopped),
    ...said('Sending by e-mail is stopped', control.sendingStopped.EMAIL),
    ...said('Sending by SMS is stopped', control.sendingStopped.SMS),
  ];
};

/** A switch that keeps this bill from going out, the widest first. */
export const stoppedNext = ({ bill, control }: BillView): Next | undefined => {
  const resume = (command: string, what: string): Next => ({
    step: 'RESUME',
    by: 'person',
    at: null,
    text: `${what}; \`billcast ${command}\` lets it go on.`,
  });
  if (control.pause) return resume('resume', 'It stays as it is while billcast is paused');
  if (control.sendingStopped[bill.channel])
    return resume(
      `resume --channel ${bill.channel}`,
      `It stays as it is until sending by ${wayOf(bill.channel)} works again, which a few bills try now and then`,
    );
  if (control.fallbackStopped && bill.channel === 'SMS')
    return resume('resume --fallback', 'It stays as it is while the SMS fallback is stopped');
  return undefined;
};

/** `since 2026-11-25 09:00:05, by person alice: maintenance` */
export const thrownText = ({ since, by, reason }: Thrown, time: View['time']): string =>
  `since ${time(since)}, by ${by}${reason === null ? '' : `: ${reason}`}`;
