/** The forms of messages that a provider's file may describe. */
export const messageForms = ['email', 'sms', 'lms', 'alimtalk'] as const;
export type MessageForm = (typeof messageForms)[number];

/** What the member's contacts are called in sentences. */
export const contactLabels = { email: 'e-mail address', phone: 'phone number' } as const;

/** What a message is made of: files in the folder of a language. */
type MessageTraits =
  | { readonly kind: 'email'; readonly html: string; readonly text: string; readonly subject: string }
  | {
      readonly kind: 'text';
      readonly text: string;
      /** The file to use if `text` is missing. */
      readonly otherwise?: string;
    };

/**
 * Why a step of a bill failed for certain: the member has no address for the channel, the message was refused
 * for good, or it was accepted and came back.
 */
export const stepFailures = ['noContact', 'refused', 'bounced'] as const;
export type StepFailure = (typeof stepFailures)[number];

/** What the code has to know of a way to reach a member. */
export interface ChannelTraits {
  /** In sentences for people. */
  readonly label: string;
  /** The same in Korean sentences. Default: the label. */
  readonly labelInKorean?: string;
  /** Whether messages wait for the end of the member's quiet hours, unless the settings say otherwise. */
  readonly keepsQuietHours: boolean;
  /** Which of the member's contacts it sends to. */
  readonly contact: keyof typeof contactLabels;
  /**
   * Turns the contact into the address that is sent to; undefined: the channel cannot reach it. It runs in
   * the render threads. Default: the contact itself.
   */
  readonly addressOf?: (contact: string) => string | undefined;
  /** The failures after which bills go on, unless the settings say otherwise. Default: all. */
  readonly escalates?: readonly StepFailure[];
  readonly message: MessageTraits;
  /** The form in which a provider's file gets the message; the second one if it is too long for the first. */
  readonly forms: readonly [MessageForm, MessageForm?];
}

/** What a module of `CHANNEL_MODULES` exports as its default. */
export interface ChannelModule extends ChannelTraits {
  /** The name in `CHANNELS`, in rows and in the names of settings: capitals and digits, such as `RCS`. */
  readonly name: string;
}

/** Lets the editor check a channel module. */
export function defineChannel(module: ChannelModule): ChannelModule {
  return module;
}

/** The exported module, or a sentence that says what is wrong with it. */
export function channelModuleOf(exported: unknown): ChannelModule | string {
  if (typeof exported !== 'object' || exported === null) return 'has no object as its default export';
  const fields: Readonly<Record<string, unknown>> = { ...exported };
  const wrong = Object.entries(checks).find(([field, isRight]) => !isRight(fields[field]));
  return wrong === undefined
    ? (exported as ChannelModule)
    : `has a wrong ${wrong[0]}: see docs/your-code.md#the-channel`;
}

/** Names that would clash with settings: `TOPIC_DLT` and others exist already. */
const usedNames = ['DLT', 'RESULT', 'RATES', 'PRICES', 'MODULES', 'CONCURRENCY', 'PROXY'];

const checks: { readonly [Field in keyof ChannelModule]-?: (value: unknown) => boolean } = {
  name: (value) =>
    typeof value === 'string' && /^[A-Z][A-Z0-9]{1,29}$/.test(value) && !usedNames.includes(value),
  label: (value) => typeof value === 'string' && value !== '',
  labelInKorean: (value) => value === undefined || (typeof value === 'string' && value !== ''),
  keepsQuietHours: (value) => typeof value === 'boolean',
  contact: (value) => typeof value === 'string' && Object.hasOwn(contactLabels, value),
  addressOf: (value) => value === undefined || typeof value === 'function',
  escalates: (value) => value === undefined || isListOf(value, stepFailures),
  message: isMessage,
  forms: (value) => isListOf(value, messageForms) && (value.length === 1 || value.length === 2),
};

function isMessage(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, html, text, subject, otherwise }: Readonly<Record<string, unknown>> = { ...value };
  if (kind === 'email') return [html, text, subject].every(isFileName);
  return kind === 'text' && isFileName(text) && (otherwise === undefined || isFileName(otherwise));
}

function isFileName(value: unknown): boolean {
  return typeof value === 'string' && /^[\w.-]+\.(?:txt|mjml)$/.test(value);
}

function isListOf(value: unknown, known: readonly string[]): value is readonly unknown[] {
  return Array.isArray(value) && value.every((one) => known.includes(one));
}
