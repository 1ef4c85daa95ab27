import type { MessageForm } from '../channelModule.ts';
import { type Channel, channels } from '../channels.ts';
import { nameInSetting } from '../providers/providerShares.ts';

/** What accepted messages cost. */
export interface MessagePrices {
  /** `PRICE_CURRENCY`, by ISO 4217. */
  readonly currency: string;
  /** `PRICE_EMAIL`, `PRICE_SMS` and so on. */
  readonly byForm: Readonly<Partial<Record<MessageForm, number>>>;
  /** `PROVIDER_PRICES`: by provider, by `EMAIL/provider`, or by `LMS/provider` for long messages. */
  readonly byProvider: Readonly<Record<string, number>>;
}

/** What the price of a message depends on. */
export interface PricedMessage {
  readonly channel: Channel;
  readonly provider: string;
  readonly form: MessageForm;
}

/**
 * Pure: what one accepted message costs; undefined if no setting says so. Then the price is unknown, not 0.
 */
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
