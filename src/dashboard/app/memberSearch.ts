import { signal } from '@preact/signals';
import type { MemberSearchAnswer } from '../../api/contract/membersContract.ts';
import { type Answer, ask } from './askApi.ts';
import { isId } from './idText.ts';
import { billIdKind } from './session.ts';

/** A member's id is personal: it is kept in memory only, and not in the page's address. */
export const memberId = signal('');

/**
 * The members that the last search by a contact found; null if it was by id. The contact itself is not kept.
 */
export const foundMembers = signal<Answer<MemberSearchAnswer> | null>(null);

/** Takes an id, or looks for the members who have an e-mail address or a phone number. */
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
