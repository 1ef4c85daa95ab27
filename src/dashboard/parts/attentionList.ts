import { type ComponentChild, h, type JSX } from 'preact';
import type { Live } from '../../api/contract/streamContract.ts';
import { type Attention, attentionOf } from '../app/attentionOf.ts';
import { serverNow } from '../app/liveFeed.ts';
import { may } from '../app/session.ts';
import { askPause, askRelease } from '../app/switchDialogs.ts';
import { channelWord } from '../words/channelWords.ts';
import { count, distance } from '../words/format.ts';
import { say } from '../words/language.ts';
import { attention, attentionActions, overview } from '../words/overviewWords.ts';
import { toldText } from '../words/toldWords.ts';

/** What needs a person now, and what can be done about each. */
export function attentionList(read: Live): JSX.Element {
  const found = attentionOf(read);
  if (found.length === 0) {
    return h(
      'p',
      { class: 'calm' },
      h('span', { class: 'lamp lamp-on', 'aria-hidden': 'true' }),
      say(overview.calm),
    );
  }
  return h(
    'ul',
    { class: 'attention-list' },
    found.map((entry) =>
      h(
        'li',
        { key: keyOf(entry), class: `attention-${entry.kind}` },
        h('div', null, h('p', null, sentenceOf(entry)), asideOf(entry)),
        buttonOf(entry),
      ),
    ),
  );
}

function keyOf(entry: Attention): string {
  return 'channel' in entry ? `${entry.kind} ${entry.channel}` : entry.kind;
}

function sentenceOf(entry: Attention): string {
  switch (entry.kind) {
    case 'old':
      return say(attention.old)(toldText(entry.told));
    case 'paused':
      return say(attention.paused)(entry.since === null ? '' : distance(entry.since, serverNow.value));
    case 'noDispatchers':
      return say(attention.noDispatchers)(count(entry.due));
    case 'brake':
    case 'trial':
      return say(attention[entry.kind])(channelWord(entry.channel));
    case 'doubts':
      return say(attention.doubts)(count(entry.bills));
    case 'failures':
      return say(attention.failures)(count(entry.bills));
    case 'silent':
      return say(attention.silent)(count(entry.dispatchers));
    case 'lag':
      return say(attention.lag)(toldText(entry.told));
    case 'warmUp':
      return say(attention.warmUp)(count(entry.planned));
    case 'held':
      return say(attention.held)(count(entry.bills));
    default:
      return entry satisfies never;
  }
}

function asideOf(entry: Attention): ComponentChild {
  if (entry.kind === 'paused') return h('small', null, [entry.by, entry.reason].filter(Boolean).join(': '));
  if ('channel' in entry) return h('small', null, toldText(entry.told));
  if (entry.kind === 'noDispatchers') return h('small', null, h('code', null, 'npx node src/main.ts'));
  if (entry.kind === 'warmUp' && entry.plannedTomorrow !== null) {
    return h('small', null, say(attention.tomorrow)(count(entry.plannedTomorrow)));
  }
  return null;
}

function buttonOf(entry: Attention): ComponentChild {
  const mayControl = may('control');
  switch (entry.kind) {
    case 'paused':
      return mayControl && button(say(attentionActions.resume), askPause);
    case 'brake':
    case 'trial':
      return (
        mayControl &&
        button(say(attentionActions.release), () =>
          askRelease({ channel: entry.channel, causeTold: entry.told }),
        )
      );
    case 'doubts':
      return link('/doubts');
    case 'failures':
      return link('/failures');
    case 'silent':
    case 'lag':
      return link('/dispatchers');
    case 'held':
      return link('/search?state=HELD');
    case 'old':
    case 'noDispatchers':
    case 'warmUp':
      return null;
    default:
      return entry satisfies never;
  }
}

function button(text: string, onClick: () => void): JSX.Element {
  return h('button', { type: 'button', 'aria-haspopup': 'dialog', onClick }, text);
}

function link(href: string): JSX.Element {
  return h('a', { class: 'button', href, 'data-row': '' }, say(attentionActions.look));
}
