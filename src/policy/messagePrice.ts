import type { MessageForm } from '../channelModule.ts';
import { type Channel, channels } from '../channels.ts';
import { nameInSetting } from '../providers/providerShares.ts';

/** What accepted messages cost. */
export interface MessagePrices {
  /** ISO 4217: `PRICE_CURRENCY`. */
  readonly currency: string;
  /** `PRICE_EMAIL` and the others. */
  readonly byForm: Readonly<Partial<Record<MessageForm, number>>>;
  /** `PROVIDER_PRICES`: by provider, by `EMAIL/provider`, or by `LMS/provider` for its long messages. */
  readonly byProvider: Readonly<Record<string, number>>;
}

/** A message as its price depends on it. */
export interface PricedMessage {
  readonly channel: Channel;
  readonly provider: string;
  readonly form: MessageForm;
}

/** Pure. What one accepted message costs; undefined if no setting says so: then it is unknown, not free. */
export function priceOf(
  { byForm, byProvider }: MessagePrices,
  { channel, provider, form }: PricedMessage,
): number | undefined {
  const ofProvider = isLong(channel, form)
    ? byProvider[`${form.toUpperCase()}/${provider}`]
    : byProvider[nameInSetting(byProvider, channel, provider)];
  return ofProvider ?? byForm[form];
}

/** The form in which a message of a channel goes out. */
export function formOf(channel: Channel, isLms: boolean): MessageForm {
  const [usual, long = usual] = channels[channel].forms;
  return isLms ? long : usual;
}

function isLong(channel: Channel, form: MessageForm): boolean {
  return form !== channels[channel].forms[0];
}
