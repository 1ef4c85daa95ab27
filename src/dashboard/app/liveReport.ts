import { h, type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { channelWord } from '../words/channelWords.ts';
import { count, share } from '../words/format.ts';
import { say } from '../words/language.ts';
import { reports } from '../words/reportWords.ts';
import { connection, live } from './liveFeed.ts';

const everyMs = 30_000;

/**
 * For screen readers: a sentence every half minute, and one as soon as the pause, a brake or the connection
 * changes. The changing numbers themselves are not read out.
 */
export function LiveReport(): JSX.Element {
  const [text, setText] = useState('');
  const brakes = Object.entries(live.value?.status.brakes ?? {}).filter(
    ([, { on, kind }]) => on && kind !== 'pace',
  );
  const change = [
    connection.value,
    live.value?.status.pause.paused,
    ...brakes.map(([channel]) => channel),
  ].join();
  useEffect(() => {
    setText(sentence());
    const timer = setInterval(() => setText(sentence()), everyMs);
    return () => clearInterval(timer);
  }, [change]);
  return h('div', { class: 'unseen', 'aria-live': 'polite', 'aria-atomic': 'true' }, text);
}

function sentence(): string {
  if (connection.value === 'lost') return say(reports.lost);
  const status = live.value?.status;
  if (status === undefined) return '';
  const settled = status.delivered + status.failed + status.cancelled;
  const parts = [
    say(reports.settled)(share(settled, status.total)),
    status.pause.paused && say(reports.paused),
    ...Object.entries(status.brakes).map(
      ([channel, { on, kind }]) => on && kind !== 'pace' && say(reports.brake)(channelWord(channel)),
    ),
    status.inDoubt > 0 && say(reports.doubts)(count(status.inDoubt)),
  ];
  return parts.filter((part) => part !== false).join(' ');
}
