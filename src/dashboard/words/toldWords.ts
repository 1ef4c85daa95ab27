import type { Told, ToldCode } from '../../api/contract/toldContract.ts';
import { say } from './language.ts';
import type { Phrase } from './toldFact.ts';
import { toldHelpWords } from './toldHelpWords.ts';
import { toldProblemWords } from './toldProblemWords.ts';
import { toldRunWords } from './toldRunWords.ts';
import { toldBrakeWords, toldSendWords } from './toldSendWords.ts';
import { toldJobWords, toldServerWords } from './toldServerWords.ts';

const words: Readonly<Record<ToldCode, Phrase>> = {
  ...toldBrakeWords,
  ...toldSendWords,
  ...toldRunWords,
  ...toldHelpWords,
  ...toldJobWords,
  ...toldServerWords,
  ...toldProblemWords,
};

/** A sentence of the server in the language of the page. */
export function toldText(told: Told): string {
  return told
    .map(({ code, facts }) => say(words[code])((name) => facts[name] ?? ''))
    .filter((text) => text !== '')
    .join(' · ');
}
