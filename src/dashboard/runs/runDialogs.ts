import type { RunAnswer } from '../../api/contract/runsContract.ts';
import { ask } from '../app/askApi.ts';
import { confirm } from '../app/confirmDialog.ts';
import { say } from '../words/language.ts';
import type { RunVerb } from './runPermissions.ts';
import { runVerbWords } from './runWords.ts';

const dangerous: readonly RunVerb[] = ['start', 'rehearse', 'pause', 'sign', 'close'];

/**
 * Asks for confirmation; `then` is called when it is done. What is approved is the plan that the page shows.
 */
export function askRunVerb(run: RunAnswer, verb: RunVerb, then: () => void): void {
  const { button, effects, done } = runVerbWords[verb];
  confirm({
    title: `${say(button)}: ${run.runId}`,
    effects: effects.map((effect) => say(effect)),
    reason: reasonOf(run, verb),
    button: say(button),
    isDangerous: dangerous.includes(verb),
    done: say(done),
    run: async (reason) => {
      const body = bodyOf(run, verb, reason);
      const answer = await ask(`/runs/${encodeURIComponent(run.runId)}/${verb}`, { method: 'POST', body });
      then();
      return answer;
    },
  });
}

function bodyOf({ planHash }: RunAnswer, verb: RunVerb, reason: string | undefined): object {
  switch (verb) {
    case 'approve':
      return { planHash };
    case 'start':
    case 'rehearse':
      return {};
    case 'sign':
      return { note: reason };
    case 'pause':
    case 'resume':
    case 'overrule':
    case 'close':
      return { reason };
    default:
      return verb satisfies never;
  }
}

function reasonOf({ hold }: RunAnswer, verb: RunVerb): 'required' | 'optional' | 'none' {
  switch (verb) {
    case 'approve':
    case 'start':
    case 'rehearse':
      return 'none';
    case 'overrule':
    case 'pause':
      return 'required';
    case 'resume':
      return hold?.code.startsWith('GATE_') === true ? 'required' : 'optional';
    case 'sign':
    case 'close':
      return 'optional';
    default:
      return verb satisfies never;
  }
}
