import { h, type JSX } from 'preact';
import type { RunAnswer } from '../../api/contract/runsContract.ts';
import { holdWord } from '../words/bannerWords.ts';
import { count, moment } from '../words/format.ts';
import { say } from '../words/language.ts';
import { runStateWords, runWords } from './runWords.ts';

export function runState(state: RunAnswer['state']): JSX.Element {
  return h('span', { class: `action-state run-${state.toLowerCase()}` }, say(runStateWords[state]));
}

/** How many of its bills are released, in numbers and as a bar. */
export function runProgress({ released, proposal }: RunAnswer): JSX.Element {
  const bills = proposal?.bills ?? null;
  if (bills === null) return h('span', { class: 'number' }, count(released));
  return h(
    'div',
    { class: 'progress' },
    h('progress', { max: Math.max(1, bills), value: released, 'aria-label': say(runWords.released) }),
    h('span', { class: 'number' }, `${count(released)} / ${count(bills)}`),
  );
}

export function holdText({ hold }: RunAnswer): JSX.Element {
  if (hold === null) return h('span', { class: 'quiet' }, '–');
  return h('span', { class: 'hold' }, say(holdWord(hold.code)));
}

/** When it is expected to end, and whether that is too late. */
export function expectedEnd(run: RunAnswer): JSX.Element {
  const { expectedEnd: end, state } = run;
  if (end === null) {
    const isOver = state === 'DONE' || state === 'CLOSED';
    return h('span', { class: 'quiet' }, isOver ? '–' : say(runWords.unknown));
  }
  const deadline = deadlineOf(run);
  const isLate = deadline !== null && end > deadline;
  return h(
    'span',
    { class: isLate ? 'late' : '' },
    h('time', { dateTime: end }, moment(end)),
    isLate && ` (${say(runWords.late)})`,
  );
}

export function deadlineOf({ plan }: Pick<RunAnswer, 'plan'>): string | null {
  return typeof plan.deadline === 'string' ? plan.deadline : null;
}
