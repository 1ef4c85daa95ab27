import { h, type JSX } from 'preact';
import type { RunWithEvents } from '../../api/contract/runsContract.ts';
import { ask } from '../app/askApi.ts';
import { confirm } from '../app/confirmDialog.ts';
import { may } from '../app/session.ts';
import { fact } from '../parts/actionFacts.ts';
import { count, moment } from '../words/format.ts';
import { say } from '../words/language.ts';
import { manifestWords } from '../words/proofWords.ts';
import { newManifestWords } from './evidenceWords.ts';

/** The last manifest of a run; shows nothing if there is none. */
export function manifestPanel(
  { runId, state, events }: Pick<RunWithEvents, 'runId' | 'state' | 'events'>,
  reload: () => void,
): JSX.Element | null {
  const made = events.findLast(({ what }) => what === 'manifest');
  if (made === undefined) return null;
  const { root, attempts } = made.facts;
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'manifest-title' },
    h('h2', { id: 'manifest-title' }, say(manifestWords.title)),
    h('p', { class: 'quiet' }, say(manifestWords.note)),
    h(
      'dl',
      { class: 'facts' },
      fact(say(manifestWords.root), h('code', null, String(root))),
      fact(say(manifestWords.messages), count(Number(attempts))),
      fact(say(manifestWords.made), moment(made.at)),
    ),
    (state === 'DONE' || state === 'CLOSED') &&
      may('control') &&
      h(
        'div',
        { class: 'buttons' },
        h(
          'button',
          { type: 'button', 'aria-haspopup': 'dialog', onClick: () => askForAnother(runId, reload) },
          say(newManifestWords.button),
          '…',
        ),
      ),
  );
}

function askForAnother(runId: string, reload: () => void): void {
  confirm({
    title: `${say(manifestWords.title)}: ${runId}`,
    effects: [say(newManifestWords.effect)],
    reason: 'none',
    button: say(newManifestWords.button),
    done: say(newManifestWords.done),
    run: async () => {
      const answer = await ask(`/runs/${encodeURIComponent(runId)}/manifests`, { method: 'POST', body: {} });
      reload();
      return answer;
    },
  });
}
