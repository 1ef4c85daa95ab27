import { type ChannelTraits, contactLabels } from './channelModule.ts';
import { homeCountry } from './homeCountry.ts';
import { startSetting } from './lib/startSetting.ts';
import { loadOwnChannels } from './ownChannels.ts';

/** The shipped channels. One that `CHANNELS` does not name needs no template. */
export const shipped = {
  EMAIL: {
    label: 'e-mail',
    labelInKorean: '이메일',
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
    labelInKorean: '알림톡',
    keepsQuietHours: true,
    contact: 'phone',
    message: { kind: 'text', text: 'alimtalk.txt', otherwise: 'sms.txt' },
    forms: ['alimtalk'],
  },
} as const satisfies Readonly<Record<string, ChannelTraits>>;

/** Those of `CHANNEL_MODULES` are added at startup; no code knows them by name. */
export type Channel = keyof typeof shipped;

export const ownChannels = loadOwnChannels(startSetting('CHANNEL_MODULES'), Object.keys(shipped));

/** The environment of threads: they need the same channels and phone numbers, and no secret. */
export const threadEnvironment = {
  CHANNEL_MODULES: ownChannels.setting ?? '',
  HOME_COUNTRY: homeCountry.code,
};

/**
 * The known channels. Which of them are used, and in which order, is the `Ladder` of the settings. A further
 * channel is an entry here or a module of `CHANNEL_MODULES`, a template and a provider: nothing else in the
 * code knows a channel by its name.
 */
export const channels: Readonly<Record<Channel, ChannelTraits>> = {
  ...shipped,
  ...Object.fromEntries(ownChannels.modules.map(({ name, ...traits }) => [name, traits])),
};

/** The default of `CHANNELS`. */
export const usualOrder: readonly Channel[] = ['EMAIL', 'SMS'];

export const channelNames = Object.keys(channels) as readonly Channel[];

/** What the channel sends to, in words: `e-mail address`. */
export function contactLabelOf(channel: Channel): string {
  return contactLabels[channels[channel].contact];
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

/** One value per channel. */
export type PerChannel<Value> = Readonly<Record<Channel, Value>>;

export function perChannel<Value>(make: (channel: Channel) => Value): PerChannel<Value> {
  return Object.fromEntries(channelNames.map((channel) => [channel, make(channel)])) as PerChannel<Value>;
}

/** A setting per channel: its names, such as `TOPIC_EMAIL`, each with its value. */
export function settingPerChannel<const Name extends string, Value>(
  name: Name,
  make: (channel: Channel) => Value,
): Readonly<Record<`${Name}_${Channel}`, Value>> {
  return Object.fromEntries(
    channelNames.map((channel) => [`${name}_${channel}`, make(channel)] as const),
  ) as Record<`${Name}_${Channel}`, Value>;
}

/** The topic of each channel's events, and the one of all dead letters. */
export type BillTopics = PerChannel<string> & { readonly deadLetter: string };
