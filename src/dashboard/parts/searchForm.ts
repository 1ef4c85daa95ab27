import { type ComponentChild, h, type JSX } from 'preact';
import { live } from '../app/liveFeed.ts';
import { chooseMember, memberId } from '../app/memberSearch.ts';
import { go, path, query, withQuery } from '../app/router.ts';
import { channelName } from '../words/channelWords.ts';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { failuresWords, searchWords } from '../words/pageWords.ts';
import { states, stateWords } from '../words/stateWords.ts';

/** The conditions of a search. All but the member's id go into the page's address. */
export function SearchForm(): JSX.Element {
  const value = (name: string): string => query.value.get(name) ?? '';
  const channels = Object.keys(live.value?.status.brakes ?? {});
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const given = new FormData(event.currentTarget);
    const text = (name: string): string => String(given.get(name) ?? '').trim();
    void chooseMember(text('member'));
    const names = ['state', 'month', 'channel', 'reason', 'changedFrom', 'changedBefore'];
    const filters = Object.fromEntries(names.map((name) => [name, text(name)]));
    go(withQuery({ ...filters, after: undefined }));
  };
  const clear = (): void => {
    void chooseMember('');
    go(path.value);
  };
  return h(
    'form',
    { class: 'filters', onSubmit: submit },
    field(
      say(common.state),
      select(
        'state',
        value('state'),
        states.map((state) => [state, say(stateWords[state])]),
      ),
    ),
    field(
      say(common.month),
      h('input', {
        name: 'month',
        type: 'month',
        defaultValue: value('month'),
        pattern: '[0-9]{4}-[0-9]{2}',
      }),
    ),
    field(
      say(common.channel),
      select(
        'channel',
        value('channel'),
        channels.map((channel) => [channel, channelName(channel)]),
      ),
    ),
    field(
      say(failuresWords.group),
      h('input', { name: 'reason', defaultValue: value('reason'), pattern: '[A-Z][A-Z0-9_]*', size: 16 }),
    ),
    field(
      say(searchWords.member),
      h('input', {
        name: 'member',
        defaultValue: memberId.value,
        size: 18,
        autocomplete: 'off',
      }),
    ),
    field(
      say(searchWords.from),
      h('input', { name: 'changedFrom', type: 'datetime-local', defaultValue: value('changedFrom') }),
    ),
    field(
      say(searchWords.before),
      h('input', { name: 'changedBefore', type: 'datetime-local', defaultValue: value('changedBefore') }),
    ),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'submit', class: 'primary' }, say(searchWords.search)),
      h('button', { type: 'button', onClick: clear }, say(searchWords.clear)),
    ),
  );
}

function field(name: string, input: ComponentChild): JSX.Element {
  return h('label', null, h('span', null, name), input);
}

function select(name: string, chosen: string, choices: readonly (readonly [string, string])[]): JSX.Element {
  return h(
    'select',
    { name, value: chosen },
    h('option', { value: '' }, say(searchWords.any)),
    choices.map(([value, text]) => h('option', { key: value, value, selected: value === chosen }, text)),
  );
}
