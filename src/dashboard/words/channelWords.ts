import { type Pair, say } from './language.ts';

/** As the commands say it. A channel of `CHANNEL_MODULES` goes by its name. */
const words: Readonly<Record<string, Pair>> = {
  EMAIL: ['e-mail', '이메일'],
  SMS: ['SMS', 'SMS'],
  ALIMTALK: ['AlimTalk', '알림톡'],
};

/** A channel within a sentence. */
export function channelWord(channel: string): string {
  return say(words[channel] ?? [channel, channel]);
}

/** A channel that stands alone, as in a heading or a cell. */
export function channelName(channel: string): string {
  const word = channelWord(channel);
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}

/** In Korean, what the sentences of the server call a channel. */
export function koreanOfLabel(label: string): string {
  return Object.values(words).find(([english]) => english === label)?.[1] ?? label;
}
