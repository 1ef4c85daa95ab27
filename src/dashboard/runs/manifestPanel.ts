import { h, type JSX } from 'preact';
import type { RunWithEvents } from '../../api/contract/runsContract.ts';
import { fact } from '../parts/actionFacts.ts';
import { count, moment } from '../words/format.ts';
import { say } from '../words/language.ts';
import { manifestWords } from '../words/proofWords.ts';

/** The last manifest of a run; nothing until there is one. */
export function manifestPanel({ events }: Pick<RunWithEvents, 'events'>): JSX.Element | null {
  const made = events.findLast(({ what }) => what === 'manifest');
  if (made === undefined) return null;
  const { root, attempts } = made.facts;
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'manifest-title' },
    h('h2', { id: 'manifest-title' }, say(manifestWords.title)),
    h('p', { class: 'quiet' }, say(manifestWords.note)),
    h(
      'dl',
      { class: 'facts' },
      fact(say(manifestWords.root), h('code', null, String(root))),
      fact(say(manifestWords.messages), count(Number(attempts))),
      fact(say(manifestWords.made), moment(made.at)),
    ),
  );
}
