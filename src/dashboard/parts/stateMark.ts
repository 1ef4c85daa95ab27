import { h, type JSX } from 'preact';
import { say } from '../words/language.ts';
import { type State, stateMeanings, stateWords } from '../words/stateWords.ts';

/** A shape per state, so that states differ not by colour alone. Each fits into a square of 12 by 12. */
const shapes: Readonly<Record<State, string>> = {
  HELD: 'M3.5 2.5v7M8.5 2.5v7',
  WAITING: 'M6 1.5a4.5 4.5 0 1 0 .01 0M6 3.5V6l1.8 1.2',
  PENDING: 'M6 2a4 4 0 1 0 .01 0',
  SENDING: 'M3 2.5l6 3.5-6 3.5z',
  SENT: 'M2 6h7M6.5 3L9.5 6l-3 3',
  DELIVERED: 'M2 6.5L5 9.5l5.2-7',
  IN_DOUBT: 'M4 4a2 2 0 1 1 2.6 1.9c-.5.2-.6.5-.6 1.3M6 9.7v.1',
  FAILED: 'M2.5 2.5l7 7M9.5 2.5l-7 7',
  CANCELLED: 'M2 6h8',
};

/** A state in words with its mark. */
export function stateMark(state: State): JSX.Element {
  return h(
    'span',
    { class: `state state-${state.toLowerCase()}`, title: say(stateMeanings[state]) },
    stateShape(state),
    say(stateWords[state]),
  );
}

export function stateShape(state: State): JSX.Element {
  return h(
    'svg',
    { class: `mark state-${state.toLowerCase()}`, viewBox: '0 0 12 12', 'aria-hidden': 'true' },
    h('path', { d: shapes[state] }),
  );
}
