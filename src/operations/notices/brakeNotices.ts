import { type Channel, channelNames } from '../../channels.ts';
import type { Notice } from '../../db/notices/noticeOutbox.ts';
import type { BrakeChange } from '../../db/notices/untoldBrakes.ts';
import { needsPerson } from '../../policy/brake/verdict.ts';
import { brakeText, resumeCommand } from '../explain/switches.ts';
import { wayOf } from '../explain/wording.ts';

/** Pure: the notice of a brake that went on or off. */
export function brakeNotice(change: BrakeChange, time: (at: Date) => string): Notice {
  const { key, brake, at, by } = change;
  const [channel, provider] = routeOf(brake);
  const way = provider === null ? wayOf(channel) : `${wayOf(channel)} through ${provider}`;
  const about = { key, subject: brake, at, path: '/providers' };
  switch (change.change) {
    case 'on': {
      const { kind, cause } = change;
      const listed = { channel, provider, brake: { on: true, since: at, kind, cause, by } };
      return {
        ...about,
        kind: 'brakeOn',
        title: `Sending by ${way} is stopped`,
        lines: [`${brakeText(listed, time)}.`, adviceOn(kind, `billcast ${resumeCommand(listed)}`)],
      };
    }
    case 'off':
      return {
        ...about,
        kind: 'brakeOff',
        title: `Sending by ${way} goes on`,
        lines: [`The brake was released at ${time(at)}, by ${by}.`],
      };
    default:
      return change satisfies never;
  }
}

function adviceOn(kind: Parameters<typeof needsPerson>[0], release: string): string {
  return needsPerson(kind)
    ? `Find out why, then run: ${release}`
    : `One bill tries it now and then, and sending goes on if that is accepted. To go on at once: ${release}`;
}

function routeOf(brake: string): readonly [Channel, string | null] {
  const [name, provider = null] = brake.split('/', 2);
  const channel = channelNames.find((known) => known === name);
  if (channel === undefined) throw new RangeError(`no channel ${name}`);
  return [channel, provider];
}
