import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RevealAnswer } from '../../api/contract/billsContract.ts';
import { ask } from '../app/askApi.ts';
import { confirm } from '../app/confirmDialog.ts';
import { billWords } from '../words/billWords.ts';
import { say } from '../words/language.ts';
import { fact } from './actionFacts.ts';

/** The contact of a bill's member: shown after a reason is given, forgotten when the page changes. */
export function RevealedContact({ billId }: { readonly billId: string }): JSX.Element {
  const [contact, setContact] = useState<RevealAnswer | null>(null);
  const reveal = (): void =>
    confirm({
      title: say(billWords.revealTitle),
      effects: [say(billWords.revealEffect), say(billWords.revealRecorded)],
      reason: 'required',
      button: say(billWords.revealTitle),
      done: say(billWords.revealed),
      run: async (reason) => {
        const answer = await ask<RevealAnswer>(`/bills/${encodeURIComponent(billId)}/reveal`, {
          method: 'POST',
          body: { reason },
        });
        if (answer.kind === 'ok') setContact(answer.value);
        return answer;
      },
    });
  // One button, so that it keeps the focus.
  return h(
    'div',
    { class: 'contact' },
    contact !== null &&
      h(
        'section',
        { class: 'panel revealed', 'aria-label': say(billWords.revealTitle) },
        contactFacts(contact),
      ),
    contact === null
      ? h('button', { ...button, 'aria-haspopup': 'dialog', onClick: reveal }, say(billWords.reveal))
      : h('button', { ...button, onClick: () => setContact(null) }, say(billWords.hide)),
  );
}

const button = { type: 'button' } as const;

function contactFacts(contact: RevealAnswer): JSX.Element {
  const rows: readonly (readonly [string, string | null])[] = [
    [say(billWords.member), contact.memberId],
    [say(billWords.name), contact.name],
    [say(billWords.emailAddress), contact.email],
    [say(billWords.phone), contact.phone],
    [say(billWords.address), contact.address],
    [say(billWords.payer), contact.paymentOwnerName],
    [say(billWords.paymentNumber), contact.paymentNumber],
    [say(billWords.unreadable), contact.unreadable.length === 0 ? null : contact.unreadable.join(', ')],
  ];
  return h(
    'dl',
    { class: 'facts' },
    rows.flatMap(([name, value]) => (value === null ? [] : [fact(name, value)])),
  );
}
