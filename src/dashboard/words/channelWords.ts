import { session } from '../app/session.ts';
import { capitalized, say } from './language.ts';

/** A channel's name inside a sentence, as commands write it. */
export function channelWord(channel: string): string {
  const found = channels().find((one) => one.channel === channel);
  return found === undefined ? channel : say([found.label, found.labelInKorean]);
}

/** A channel's name by itself, as in a heading or a cell. */
export function channelName(channel: string): string {
  return capitalized(channelWord(channel));
}

/** The Korean name of a channel that the server's sentences name by its label. */
export function koreanOfLabel(label: string): string {
  return channels().find((one) => one.label === label)?.labelInKorean ?? label;
}

function channels() {
  return session.value.kind === 'in' ? session.value.facts.channels : [];
}
