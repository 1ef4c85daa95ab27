import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BillProofAnswer } from '../../api/contract/proofContract.ts';
import { type Answer, ask } from '../app/askApi.ts';
import { channelName } from '../words/channelWords.ts';
import { say } from '../words/language.ts';
import { proofResultWords, proofWords } from '../words/proofWords.ts';
import { fact } from './actionFacts.ts';
import { troubleNote, When } from './notes.ts';

/**
 * Whether a bill's messages said what the bill says now. It is checked by a button, since each check is
 * recorded.
 */
export function ProofPanel({ billId }: { readonly billId: string }): JSX.Element {
  const [answer, setAnswer] = useState<Answer<BillProofAnswer> | null>(null);
  const compare = async (): Promise<void> =>
    setAnswer(await ask<BillProofAnswer>(`/bills/${encodeURIComponent(billId)}/proof`));
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'proof-title' },
    h('h2', { id: 'proof-title' }, say(proofWords.title)),
    h('p', { class: 'quiet' }, say(proofWords.note)),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', onClick: () => void compare() }, say(proofWords.compare)),
    ),
    h('div', { 'aria-live': 'polite' }, answer !== null && found(answer)),
  );
}

function found(answer: Answer<BillProofAnswer>): JSX.Element | JSX.Element[] {
  if (answer.kind === 'trouble') return troubleNote(answer.trouble);
  const { attempts } = answer.value;
  if (attempts.length === 0) return h('p', { class: 'empty' }, say(proofWords.none));
  return attempts.map(attemptFacts);
}

function attemptFacts(attempt: BillProofAnswer['attempts'][number]): JSX.Element {
  const { attempt: token, channel, cycle, at, result, why, contentHash, printedWith } = attempt;
  return h(
    'dl',
    { key: token, class: 'facts' },
    fact(`${channelName(channel)} ${cycle}`, [
      h('strong', null, say(proofResultWords[result])),
      ' ',
      h(When, { at }),
      h('p', { class: 'quiet', lang: 'en' }, why),
    ]),
    printedWith !== null &&
      fact(
        say(proofWords.template),
        `${printedWith.templateName ?? ''} ${printedWith.template.slice(0, 12)}`,
      ),
    contentHash !== null && fact(say(proofWords.hash), h('code', null, contentHash)),
  );
}
