/** What the code has to know of a way to reach a member. */
interface ChannelTraits {
  /** In sentences for people. */
  readonly label: string;
  /** Whether messages wait for the end of the member's quiet hours, unless the settings say otherwise. */
  readonly keepsQuietHours: boolean;
  /** Which of the member's contacts it sends to. */
  readonly contact: keyof typeof contactLabels;
  readonly message: MessageTraits;
  /** As what a provider's file takes it; the second one if it is long for the first. */
  readonly forms: readonly [MessageForm, MessageForm?];
}

/** The forms of messages that a provider's file may describe. */
export const messageForms = ['email', 'sms', 'lms', 'alimtalk'] as const;
export type MessageForm = (typeof messageForms)[number];

/** A kind of message, and the files in the folder of a language that it is made of. */
type MessageTraits =
  | { readonly kind: 'email'; readonly html: string; readonly text: string; readonly subject: string }
  | {
      readonly kind: 'text';
      readonly text: string;
      /** The file that is used if there is no such file. */
      readonly otherwise?: string;
    };

export type Channel = 'EMAIL' | 'SMS' | 'ALIMTALK';

/**
 * The known channels. Which of them are used, and in which order, is the `Ladder` of the settings. A further
 * channel is an entry here, a template and a provider: nothing else in the code knows a channel by its name.
 */
export const channels: Readonly<Record<Channel, ChannelTraits>> = {
  EMAIL: {
    label: 'e-mail',
    keepsQuietHours: false,
    contact: 'email',
    message: { kind: 'email', html: 'email.mjml', text: 'email.txt', subject: 'email.subject.txt' },
    forms: ['email'],
  },
  SMS: {
    label: 'SMS',
    keepsQuietHours: true,
    contact: 'phone',
    message: { kind: 'text', text: 'sms.txt' },
    forms: ['sms', 'lms'],
  },
  ALIMTALK: {
    label: 'AlimTalk',
    keepsQuietHours: true,
    contact: 'phone',
    message: { kind: 'text', text: 'alimtalk.txt', otherwise: 'sms.txt' },
    forms: ['alimtalk'],
  },
};

/** What `CHANNELS` is if it is not set. */
export const usualOrder: readonly Channel[] = ['EMAIL', 'SMS'];

export const channelNames = Object.keys(channels) as readonly Channel[];

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
