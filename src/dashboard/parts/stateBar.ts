import { h, type JSX } from 'preact';
import { count, share } from '../words/format.ts';
import { say } from '../words/language.ts';
import { type State, stateWords } from '../words/stateWords.ts';
import { type CountedStates, countsByState } from './flowDiagram.ts';

/** From left to right: what is settled, then what is still to come. */
const order: readonly State[] = [
  'DELIVERED',
  'FAILED',
  'CANCELLED',
  'IN_DOUBT',
  'SENT',
  'SENDING',
  'PENDING',
  'WAITING',
  'HELD',
];

/** All bills as one bar. It repeats the flow, so screen readers skip it. */
export function stateBar(status: CountedStates): JSX.Element {
  const counts = countsByState(status);
  return h(
    'div',
    { class: 'state-bar', 'aria-hidden': 'true' },
    order
      .filter((state) => counts[state] > 0)
      .map((state) =>
        h('span', {
          key: state,
          class: `state-${state.toLowerCase()}`,
          style: { flexGrow: counts[state] },
          title: `${say(stateWords[state])}: ${count(counts[state])} (${share(counts[state], status.total)})`,
        }),
      ),
  );
}
