import { h, type JSX } from 'preact';
import { go } from '../app/router.ts';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';

/** Chooses a billing month, which becomes part of the page's address. */
export function monthFilter(month: string, addressOf: (month: string) => string): JSX.Element {
  return h(
    'div',
    { class: 'filters month-filter' },
    h(
      'label',
      null,
      h('span', null, say(common.month)),
      h('input', {
        type: 'month',
        value: month,
        placeholder: '2026-11',
        pattern: '[0-9]{4}-[0-9]{2}',
        onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
          if (currentTarget.validity.valid) go(addressOf(currentTarget.value), { replace: true });
        },
      }),
    ),
    month !== '' &&
      h('button', { type: 'button', onClick: () => go(addressOf(''), { replace: true }) }, say(common.all)),
  );
}
