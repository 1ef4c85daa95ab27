import { z } from 'zod';
import { parseRecipient, type Recipient } from '../policy/recipient.ts';

type Kind = Recipient['kind'];

const words: Readonly<Record<Kind, string>> = {
  domain: 'domains such as @company.kr',
  email: 'e-mail addresses',
  phone: 'phone numbers',
};

/**
 * Recipients of these kinds only, separated by commas. The error never quotes one: it may be a person's
 * address.
 */
function recipients(kinds: readonly Kind[]) {
  return z.string().transform((text, context): Recipient[] => {
    const read = text.split(',').map(parseRecipient);
    const found = read.filter((one) => one !== undefined && kinds.includes(one.kind)) as Recipient[];
    const wrong = read.findIndex((one) => one === undefined || !kinds.includes(one.kind));
    if (wrong !== -1) {
      const allowed = kinds.map((kind) => words[kind]).join(', ');
      context.addIssue({
        code: 'custom',
        message: `takes ${allowed}, comma between; entry ${wrong + 1} is none`,
      });
    }
    return found;
  });
}

/** Settings of rehearsals and seed addresses, as a part of the schema of all settings. */
export const safeModeShape = {
  DELIVER_ONLY_TO: recipients(['domain', 'email', 'phone']).optional(),
  REDIRECT_ALL_TO: recipients(['email', 'phone']).optional(),
  SEED_EMAIL: recipients(['email']).optional(),
  SEED_PHONE: recipients(['phone']).optional(),
};

type SafeModeEnvironment = z.infer<z.ZodObject<typeof safeModeShape>>;

/** The safe mode: messages go to these people only, and only in a rehearsal. */
export interface SafeMode {
  /** Undefined: messages go to the member of the bill. */
  readonly onlyTo: readonly Recipient[] | undefined;
  /**
   * Who gets messages instead of the member; undefined: the member does. If a kind of contact is missing,
   * such messages go to nobody.
   */
  readonly redirectTo: Contacts | undefined;
}

interface Contacts {
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

/** Undefined if neither setting is set, as in every environment that sends bills. */
export function safeModeOf({ DELIVER_ONLY_TO, REDIRECT_ALL_TO }: SafeModeEnvironment): SafeMode | undefined {
  if (DELIVER_ONLY_TO === undefined && REDIRECT_ALL_TO === undefined) return undefined;
  const redirectTo = REDIRECT_ALL_TO && {
    email: contactsOf(REDIRECT_ALL_TO, 'email')[0],
    phone: contactsOf(REDIRECT_ALL_TO, 'phone')[0],
  };
  return { onlyTo: DELIVER_ONLY_TO, redirectTo };
}

/** Who gets some bills of a run before its members do, by the kind of contact. */
export function seedsOf({ SEED_EMAIL = [], SEED_PHONE = [] }: SafeModeEnvironment) {
  return { email: contactsOf(SEED_EMAIL, 'email'), phone: contactsOf(SEED_PHONE, 'phone') };
}

/** The rules between these settings that are broken, one sentence each. */
export function safeModeProblems({ REDIRECT_ALL_TO = [] }: SafeModeEnvironment): string[] {
  return (['email', 'phone'] as const)
    .filter((kind) => contactsOf(REDIRECT_ALL_TO, kind).length > 1)
    .map((kind) => `REDIRECT_ALL_TO may have one of the ${words[kind]}: everything goes to one person`);
}

function contactsOf(list: readonly Recipient[], kind: 'email' | 'phone'): string[] {
  return list.flatMap((recipient) => (recipient.kind === kind ? [recipient.to] : []));
}
