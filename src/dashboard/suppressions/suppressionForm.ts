import { type ComponentChild, h, type JSX } from 'preact';
import { live } from '../app/liveFeed.ts';
import { go, path, query, withQuery } from '../app/router.ts';
import { channelName } from '../words/channelWords.ts';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { suppressionWords } from './suppressionWords.ts';

/** The conditions of the list. Channel and state go into the page's address, the person does not. */
export function SuppressionForm({
  who,
  setWho,
}: {
  readonly who: string;
  setWho(who: string): void;
}): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const given = new FormData(event.currentTarget);
    setWho(String(given.get('who') ?? '').trim());
    const channel = String(given.get('channel') ?? '');
    go(withQuery({ channel, all: given.has('all') ? 'true' : undefined, after: undefined }));
  };
  const clear = (): void => {
    setWho('');
    go(path.value);
  };
  const chosen = query.value.get('channel') ?? '';
  return h(
    'form',
    { class: 'filters', onSubmit: submit },
    field(
      say(suppressionWords.who),
      h('input', {
        name: 'who',
        key: who,
        defaultValue: who,
        size: 24,
        maxLength: 320,
        autocomplete: 'off',
        title: say(suppressionWords.whoHelp),
      }),
    ),
    field(
      say(common.channel),
      h(
        'select',
        { name: 'channel' },
        h('option', { value: '' }, say(suppressionWords.any)),
        Object.keys(live.value?.status.brakes ?? {}).map((name) =>
          h('option', { key: name, value: name, selected: name === chosen }, channelName(name)),
        ),
      ),
    ),
    h(
      'label',
      { class: 'choice' },
      h('input', { type: 'checkbox', name: 'all', defaultChecked: query.value.get('all') === 'true' }),
      say(suppressionWords.all),
    ),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'submit', class: 'primary' }, say(suppressionWords.search)),
      h('button', { type: 'button', onClick: clear }, say(suppressionWords.clear)),
    ),
  );
}

function field(name: string, input: ComponentChild): JSX.Element {
  return h('label', null, h('span', null, name), input);
}
