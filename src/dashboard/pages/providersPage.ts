import { type ComponentChild, h, type JSX } from 'preact';
import type { BrakeList, BrakeOfChannel, RouteBrake } from '../../api/contract/brakesContract.ts';
import { live, serverNow } from '../app/liveFeed.ts';
import { may } from '../app/session.ts';
import { askPause, askRelease, type Released } from '../app/switchDialogs.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { fact } from '../parts/actionFacts.ts';
import { Age, loadState, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { brakeKindWords } from '../words/brakeKindWords.ts';
import { channelName } from '../words/channelWords.ts';
import { common, pageNames, phrases } from '../words/commonWords.ts';
import { count, distance } from '../words/format.ts';
import { say } from '../words/language.ts';
import { providersWords } from '../words/pageWords.ts';
import { toldText } from '../words/toldWords.ts';

const everyMs = 2_000;

/** Whether sending is on, and the brake of each channel and provider, each with the way to release it. */
export function providersPage(): JSX.Element {
  const loaded = useAnswer<BrakeList>('/brakes', { everyMs });
  const { value } = loaded;
  return h(
    'div',
    null,
    pageHead(
      say(pageNames.providers),
      say(providersWords.intro),
      value !== null && h(Age, { at: value.asOf }),
    ),
    sendingCard(),
    loadState(loaded),
    value !== null && h('div', { class: 'cards' }, value.items.map(brakeCard)),
  );
}

function sendingCard(): JSX.Element | null {
  const pause = live.value?.status.pause;
  if (pause === undefined) return null;
  const thrown = pause.paused ? pause.pause : pause.resumed;
  return h(
    'section',
    { class: `panel switch ${pause.paused ? 'switch-off' : ''}`, 'aria-labelledby': 'sending-title' },
    h(
      'div',
      null,
      h(
        'h2',
        { id: 'sending-title' },
        h('span', { class: `lamp ${pause.paused ? 'lamp-paused' : 'lamp-on'}`, 'aria-hidden': 'true' }),
        say(pause.paused ? common.paused : common.running),
      ),
      thrown !== null &&
        h(
          'p',
          { class: 'quiet' },
          !pause.paused && `${say(providersWords.lastResumed)} `,
          distance(thrown.since, serverNow.value),
          ` ${say(phrases.by)(thrown.by)}`,
          thrown.reason !== null && `: ${thrown.reason}`,
        ),
    ),
    may('control') &&
      h(
        'button',
        {
          type: 'button',
          class: pause.paused ? 'primary' : 'danger',
          'aria-haspopup': 'dialog',
          onClick: askPause,
        },
        say(pause.paused ? common.resume : common.pause),
        '…',
      ),
  );
}

function brakeCard(brake: BrakeOfChannel): JSX.Element {
  const { channel, on, kind, causeTold } = brake;
  const isStopped = on && kind !== 'pace';
  return h(
    'section',
    {
      key: channel,
      class: `panel switch ${isStopped ? 'switch-off' : ''}`,
      'aria-labelledby': `brake-${channel}`,
    },
    h(
      'div',
      null,
      h(
        'h2',
        { id: `brake-${channel}` },
        h('span', { class: `lamp ${isStopped ? 'lamp-paused' : 'lamp-on'}`, 'aria-hidden': 'true' }),
        channelName(channel),
      ),
      h('dl', { class: 'facts' }, brakeFacts(brake), isStopped && stopFacts(brake)),
      Object.entries(brake.providers ?? {}).map(([name, one]) => providerCard(channel, name, one)),
    ),
    isStopped && may('control') && releaseButton({ channel, causeTold }),
  );
}

/** One of several providers of a channel. */
function providerCard(channel: string, provider: string, brake: RouteBrake): JSX.Element {
  const { on, kind, causeTold } = brake;
  const isStopped = on && kind !== 'pace';
  return h(
    'section',
    { key: provider, 'aria-labelledby': `brake-${channel}-${provider}` },
    h(
      'h3',
      { id: `brake-${channel}-${provider}` },
      h('span', { class: `lamp ${isStopped ? 'lamp-paused' : 'lamp-on'}`, 'aria-hidden': 'true' }),
      provider,
    ),
    h('dl', { class: 'facts' }, stateFacts(brake), isStopped && stopFacts(brake)),
    isStopped && may('control') && releaseButton({ channel, provider, causeTold }),
  );
}

function releaseButton(released: Released): JSX.Element {
  return h(
    'button',
    { type: 'button', class: 'danger', 'aria-haspopup': 'dialog', onClick: () => askRelease(released) },
    say(providersWords.release),
  );
}

function brakeFacts(brake: BrakeOfChannel): ComponentChild {
  const quiet = brake.keepsQuietHours ? providersWords.waits : providersWords.goesOut;
  return [
    fact(say(providersWords.provider), brake.provider),
    fact(say(providersWords.quietHours), say(quiet)),
    stateFacts(brake),
  ];
}

function stateFacts({ on, kind, causeTold, since, by }: RouteBrake): ComponentChild {
  const state = kind === 'pace' ? providersWords.pace : on ? providersWords.on : providersWords.off;
  return [
    fact(
      say(providersWords.brake),
      kind !== null && kind !== 'pace' ? `${say(state)}: ${say(brakeKindWords[kind])}` : say(state),
    ),
    since !== null &&
      fact(say(common.since), [h(When, { at: since }), by !== null && ` ${say(phrases.by)(by)}`]),
    causeTold.length > 0 && fact(say(providersWords.cause), toldText(causeTold)),
  ];
}

/** What ends the brake. */
function stopFacts({ trials, nextTrialAt, needsPerson }: RouteBrake): ComponentChild {
  return [
    fact(say(providersWords.trials), count(trials)),
    nextTrialAt !== null && fact(say(providersWords.nextTrial), h(When, { at: nextTrialAt })),
    fact(say(common.next), say(needsPerson ? providersWords.person : providersWords.itself)),
  ];
}
