import { h, type JSX } from 'preact';
import { foundMembers, memberId } from '../app/memberSearch.ts';
import { moment } from '../words/format.ts';
import { say } from '../words/language.ts';
import { memberPhrases, searchWords } from '../words/pageWords.ts';
import { troubleNote } from './notes.ts';

/** The result of a search by a contact: nobody, or the members to choose from. */
export function foundMembersNote(): JSX.Element | null {
  const found = foundMembers.value;
  if (found === null) return null;
  if (found.kind === 'trouble') return troubleNote(found.trouble);
  const { memberIds, completeAt } = found.value;
  return h(
    'p',
    { class: 'quiet', role: 'status' },
    memberIds.length === 0 ? say(searchWords.nobody) : say(memberPhrases.found)(String(memberIds.length)),
    ' ',
    memberIds.length > 1 &&
      memberIds.map((id) => h('button', { key: id, type: 'button', ...choice(id) }, id)),
    completeAt === null ? say(searchWords.notComplete) : say(memberPhrases.asOf)(moment(completeAt)),
  );
}

function choice(id: string) {
  return {
    'aria-pressed': memberId.value === id,
    onClick: () => {
      memberId.value = id;
    },
  };
}
