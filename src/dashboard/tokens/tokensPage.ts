import { type ComponentChild, h, type JSX } from 'preact';
import type { TokenEntry, TokenList } from '../../api/contract/tokensContract.ts';
import { ask } from '../app/askApi.ts';
import { confirm } from '../app/confirmDialog.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { type Column, dataTable } from '../parts/dataTable.ts';
import { Age, emptyNote, loadState, When } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { actionWords } from '../words/actionWords.ts';
import { common, pageNames } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import { openNewToken } from './newTokenDialog.ts';
import { tokenPhrases, tokenStateWords, tokenWords } from './tokenWords.ts';

/** Who may use billcast, for administrators. */
export function tokensPage(): JSX.Element {
  const loaded = useAnswer<TokenList>('/tokens');
  const { value, reload } = loaded;
  return h(
    'div',
    null,
    pageHead(say(pageNames.tokens), say(tokenWords.intro), value !== null && h(Age, { at: value.asOf })),
    h(
      'div',
      { class: 'filters' },
      h(
        'button',
        { type: 'button', class: 'primary', 'aria-haspopup': 'dialog', onClick: () => openNewToken(reload) },
        say(tokenWords.create),
      ),
    ),
    loadState(loaded),
    value !== null &&
      (value.items.length === 0
        ? emptyNote(say(tokenWords.none))
        : dataTable(
            say(pageNames.tokens),
            columns(reload),
            value.items.map((row, index) => ({ key: row.id ?? `settings ${index}`, row })),
          )),
  );
}

function columns(reload: () => void): readonly Column<TokenEntry>[] {
  return [
    { head: say(tokenWords.name), isHead: true, cell: ({ name }) => name },
    { head: say(tokenWords.roles), cell: ({ roles }) => roles.join(', ') },
    { head: say(common.state), cell: stateCell },
    {
      head: say(tokenWords.made),
      cell: ({ createdAt, createdBy }) =>
        createdAt === null
          ? h('span', { class: 'quiet' }, say(tokenWords.inSettings))
          : h('span', null, h(When, { at: createdAt }), ' ', h('span', { class: 'quiet' }, createdBy)),
    },
    {
      head: say(tokenWords.expires),
      cell: ({ expiresAt }) =>
        expiresAt === null
          ? h('span', { class: 'quiet' }, say(tokenWords.never))
          : h(When, { at: expiresAt }),
    },
    { head: say(tokenWords.used), cell: usedCell },
    {
      head: say(actionWords.kind),
      cell: (token) =>
        token.id !== null &&
        token.state === 'valid' &&
        h(
          'button',
          { type: 'button', 'aria-haspopup': 'dialog', onClick: () => askRevoke(token, reload) },
          say(tokenWords.revoke),
        ),
    },
  ];
}

function stateCell({ state, revokedAt, revokedBy }: TokenEntry): ComponentChild {
  return h(
    'span',
    { class: `token-${state}` },
    say(tokenStateWords[state]),
    revokedAt !== null && [' ', h(When, { at: revokedAt }), ' ', revokedBy],
  );
}

/** Nothing records when a token of the settings was last used. */
function usedCell({ lastUsedAt, source }: TokenEntry): ComponentChild {
  if (lastUsedAt !== null) return h(When, { at: lastUsedAt });
  return h('span', { class: 'quiet' }, say(source === 'settings' ? tokenWords.unknown : tokenWords.unused));
}

function askRevoke({ id, name }: TokenEntry, reload: () => void): void {
  confirm({
    title: say(tokenWords.revokeTitle),
    effects: [say(tokenPhrases.revokeEffect)(name), say(tokenWords.revokeSessions)],
    reason: 'required',
    button: say(tokenWords.revokeTitle),
    isDangerous: true,
    done: say(tokenWords.revoked),
    run: async (reason) => {
      const answer = await ask(`/tokens/${id}/revoke`, { method: 'POST', body: { reason } });
      reload();
      return answer;
    },
  });
}
