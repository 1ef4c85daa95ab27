/** What the code has to know of a way to reach a member. */
interface ChannelTraits {
  /** In sentences for people. */
  readonly label: string;
  /** Where a bill goes on if this channel finally fails; undefined for the last one. */
  readonly next: string | undefined;
  /** Whether messages wait for the end of the member's quiet hours. */
  readonly keepsQuietHours: boolean;
  /** Which of the member's contacts it sends to. */
  readonly contact: keyof typeof contactLabels;
  readonly message: MessageTraits;
}

/** A kind of message, and the files in the folder of a language that it is made of. */
type MessageTraits =
  | { readonly kind: 'email'; readonly html: string; readonly text: string; readonly subject: string }
  | { readonly kind: 'text'; readonly text: string };

/**
 * The channels in the order in which a bill tries them. A further channel is an entry here, a template and a
 * provider: nothing else in the code knows a channel by its name.
 */
export const channels = {
  EMAIL: {
    label: 'e-mail',
    next: 'SMS',
    keepsQuietHours: false,
    contact: 'email',
    message: { kind: 'email', html: 'email.mjml', text: 'email.txt', subject: 'email.subject.txt' },
  },
  SMS: {
    label: 'SMS',
    next: undefined,
    keepsQuietHours: true,
    contact: 'phone',
    message: { kind: 'text', text: 'sms.txt' },
  },
} as const satisfies Readonly<Record<string, ChannelTraits>>;

export type Channel = keyof typeof channels;

export const channelNames = Object.keys(channels) as readonly Channel[];

/** The channel with which a bill begins each cycle. */
export const firstChannel: Channel = 'EMAIL';

/** Where a bill of this channel goes on if the channel finally fails; undefined if nowhere. */
export function nextChannel(channel: Channel): Channel | undefined {
  return channels[channel].next;
}

/** Those that a bill tries before this one, in their order. */
export function channelsBefore(channel: Channel): readonly Channel[] {
  return channelNames.slice(0, channelNames.indexOf(channel));
}

export type RefusedReason = `${Channel}_REFUSED`;

/** Why a bill left this channel: its provider refused the message for good. */
export function refusedReason(channel: Channel): RefusedReason {
  return `${channel}_REFUSED`;
}

export type SuppressedReason = `${Channel}_SUPPRESSED`;

/** Why a bill left this channel: its address is on the suppression list. */
export function suppressedReason(channel: Channel): SuppressedReason {
  return `${channel}_SUPPRESSED`;
}

/** Why a bill left this channel: its message was accepted and came back. */
export function bouncedReason(channel: Channel): `${Channel}_BOUNCED` {
  return `${channel}_BOUNCED`;
}

/** What the member's contacts are called in sentences. */
export const contactLabels = { email: 'e-mail address', phone: 'phone number' } as const;

/** One value per channel. */
export type PerChannel<Value> = Readonly<Record<Channel, Value>>;

export function perChannel<Value>(make: (channel: Channel) => Value): PerChannel<Value> {
  return Object.fromEntries(channelNames.map((channel) => [channel, make(channel)])) as PerChannel<Value>;
}

/** A setting that each channel has: its names, such as `TOPIC_EMAIL`, with a value each. */
export function settingPerChannel<const Name extends string, Value>(
  name: Name,
  make: (channel: Channel) => Value,
): Readonly<Record<`${Name}_${Channel}`, Value>> {
  return Object.fromEntries(
    channelNames.map((channel) => [`${name}_${channel}`, make(channel)] as const),
  ) as Record<`${Name}_${Channel}`, Value>;
}

/** The topic of each channel's events, and that of the dead letters of all. */
export type BillTopics = PerChannel<string> & { readonly deadLetter: string };
