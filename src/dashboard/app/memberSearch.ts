import { signal } from '@preact/signals';
import type { MemberSearchAnswer } from '../../api/contract/membersContract.ts';
import { type Answer, ask } from './askApi.ts';
import { isId } from './idText.ts';
import { billIdKind } from './session.ts';

/** A member's id is personal: it stays in this page, and out of its address. */
export const memberId = signal('');

/** What the last search by a contact found; null if it was by id. The contact itself is kept nowhere. */
export const foundMembers = signal<Answer<MemberSearchAnswer> | null>(null);

/** Takes an id, or looks for the members with an e-mail address or a phone number. */
export async function chooseMember(text: string): Promise<void> {
  foundMembers.value = null;
  if (text === '' || isId(text, billIdKind())) {
    memberId.value = text;
    return;
  }
  const answer = await ask<MemberSearchAnswer>('/members/search', {
    method: 'POST',
    body: { contact: text },
  });
  foundMembers.value = answer;
  memberId.value = answer.kind === 'ok' ? (answer.value.memberIds[0] ?? '') : '';
}
