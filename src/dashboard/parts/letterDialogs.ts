import { h, type JSX } from 'preact';
import type { DeadLetter, DeadLetterBytes } from '../../api/contract/deadLettersContract.ts';
import { ask } from '../app/askApi.ts';
import { confirm } from '../app/confirmDialog.ts';
import { openDialog } from '../app/dialogs.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { say } from '../words/language.ts';
import { lettersWords } from '../words/pageWords.ts';
import { loadState } from './notes.ts';

/** Shows the bytes of a record. The server records that somebody looked. */
export function lookAtLetter({ id }: DeadLetter): void {
  openDialog(say(lettersWords.lookTitle), () => h(LetterBytes, { id }));
}

function LetterBytes({ id }: { readonly id: string }): JSX.Element {
  const loaded = useAnswer<DeadLetterBytes>(`/dead-letters/${encodeURIComponent(id)}`);
  const { value } = loaded;
  return h(
    'div',
    null,
    h('p', { class: 'quiet' }, say(lettersWords.lookEffect)),
    loadState(loaded),
    value?.source === 'gone' && h('p', null, say(lettersWords.gone)),
    value !== null && [
      h('h3', { key: 'key' }, say(lettersWords.key)),
      h('pre', { key: 'key text', tabIndex: 0 }, value.key ?? '–'),
      h('h3', { key: 'value' }, say(lettersWords.value)),
      h('pre', { key: 'value text', tabIndex: 0 }, value.value ?? '–'),
    ],
  );
}

export function askReplay({ id }: DeadLetter, reload: () => void): void {
  confirm({
    title: say(lettersWords.replayTitle),
    effects: [say(lettersWords.replayEffect)],
    reason: 'required',
    button: say(lettersWords.replayTitle),
    done: say(lettersWords.replayDone),
    run: async (reason) => {
      const answer = await ask(`/dead-letters/${encodeURIComponent(id)}/replay`, {
        method: 'POST',
        body: { reason },
      });
      reload();
      return answer;
    },
  });
}
