import { h, type JSX } from 'preact';
import type { Told } from '../../api/contract/toldContract.ts';
import { toldText } from '../words/toldWords.ts';

/** A sentence of ours. What this page has no words for stays in English, and says so. */
export function toldNote(told: Told): JSX.Element[] {
  return told.map((one, index) =>
    h(
      'span',
      { key: one.code, lang: one.code === 'WORDS' ? 'en' : undefined },
      `${index === 0 ? '' : ' · '}${toldText([one])}`,
    ),
  );
}
