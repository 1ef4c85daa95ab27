import { session } from '../app/session.ts';
import { capitalized, say } from './language.ts';

/** A channel within a sentence, as the commands say it. */
export function channelWord(channel: string): string {
  const found = channels().find((one) => one.channel === channel);
  return found === undefined ? channel : say([found.label, found.labelInKorean]);
}

/** A channel that stands alone, as in a heading or a cell. */
export function channelName(channel: string): string {
  return capitalized(channelWord(channel));
}

/** In Korean, what the sentences of the server call a channel. */
export function koreanOfLabel(label: string): string {
  return channels().find((one) => one.label === label)?.labelInKorean ?? label;
}

function channels() {
  return session.value.kind === 'in' ? session.value.facts.channels : [];
}
