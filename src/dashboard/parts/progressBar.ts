import { h, type JSX } from 'preact';
import type { Action } from '../../api/contract/actionsContract.ts';
import { actionWords } from '../words/actionWords.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';

/** How far an action is, in numbers and as a bar. */
export function progressBar({ moved, skipped, count: all }: Action): JSX.Element {
  const text = `${count(moved)} / ${count(all)}`;
  return h(
    'div',
    { class: 'progress' },
    h('progress', { max: Math.max(1, all), value: moved + skipped, 'aria-label': say(actionWords.progress) }),
    h('span', { class: 'number' }, text),
    skipped > 0 && h('small', { class: 'quiet' }, `${count(skipped)} ${say(actionWords.skipped)}`),
  );
}
