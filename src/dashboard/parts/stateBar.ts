import { h, type JSX } from 'preact';
import { count, share } from '../words/format.ts';
import { say } from '../words/language.ts';
import { type State, stateWords } from '../words/stateWords.ts';
import { type CountedStates, countsByState } from './flowDiagram.ts';

/** What is settled on the left, what is still to come on the right. */
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

/** All bills as one bar. It repeats what the flow says, so a screen reader passes it by. */
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
