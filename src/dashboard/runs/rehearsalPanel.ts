import { h, type JSX } from 'preact';
import type { RehearsalAnswer } from '../../api/contract/testSendsContract.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { fact } from '../parts/actionFacts.ts';
import { loadState, When } from '../parts/notes.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { reasonWords } from '../words/reasonWords.ts';
import { toldText } from '../words/toldWords.ts';
import { rehearsalWords } from './evidenceWords.ts';

const everyMs = 2_000;

/** The state of a rehearsal: what was sent, and what would fail. */
export function RehearsalPanel({ runId }: { readonly runId: string }): JSX.Element {
  const loaded = useAnswer<RehearsalAnswer>(`/runs/${encodeURIComponent(runId)}/rehearsal`, { everyMs });
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'rehearsal-title' },
    h('h2', { id: 'rehearsal-title' }, say(rehearsalWords.title)),
    h('p', { class: 'quiet' }, say(rehearsalWords.note)),
    loadState(loaded),
    loaded.value !== null && stand(loaded.value),
  );
}

function stand({ state, isWorking, bills, progress }: RehearsalAnswer): JSX.Element {
  if (progress === null) return h('p', { class: 'empty' }, say(rehearsalWords.none));
  const { asOf, ended, whyTold, reasons } = progress;
  const isIdle = state === 'RUNNING' && !isWorking;
  return h(
    'div',
    null,
    (isWorking || isIdle) && h('p', null, say(isIdle ? rehearsalWords.idle : rehearsalWords.working)),
    h(
      'dl',
      { class: 'facts' },
      fact(say(rehearsalWords.looked), [
        `${count(progress.bills)} / ${bills === null ? '?' : count(bills)} `,
        h(When, { at: asOf }),
      ]),
      counted.map((name) => progress[name] > 0 && fact(say(rehearsalWords[name]), count(progress[name]))),
      Object.entries(reasons).map(([reason, messages]) =>
        fact(say(reasonWords(reason) ?? [reason, reason]), count(messages)),
      ),
      ended === 'stopped' && fact(say(rehearsalWords.stopped), toldText(whyTold)),
    ),
  );
}

const counted = [
  ...(['sent', 'sentBefore', 'notListed', 'beyondLimit'] as const),
  ...(['unpreparable', 'refused', 'notSent', 'unknown'] as const),
] as const;
