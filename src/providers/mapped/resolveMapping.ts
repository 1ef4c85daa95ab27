import { readSecret } from '../../lib/readSecret.ts';
import type { Answers } from './answerSchema.ts';
import { settingsIn } from './mappingChecks.ts';
import type { Mapping, SendMapping } from './mappingSchema.ts';
import { requestProblems } from './requestProblems.ts';
import { type SendForm, sendForms } from './sendForms.ts';

/** A mapping with its settings filled in, and only with the forms that are used. */
export interface ResolvedMapping extends Mapping {
  readonly resolved: true;
}

export type Resolution =
  | { readonly kind: 'resolved'; readonly mapping: ResolvedMapping }
  | { readonly kind: 'unresolved'; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Fills the settings into the texts of a mapping. Only those that the used forms need must be set. If a field
 * of an object consists of an empty setting alone, it is left out.
 */
export function resolveMapping(
  mapping: Mapping,
  wanted: readonly SendForm[],
  environment: Environment,
): Resolution {
  const { settings, send: _all, receipts: _told, ...rest } = mapping;
  const sends = wantedSends(mapping, wanted);
  const receipts = wantedReceipts(mapping, wanted);
  const problems: string[] = [];
  const read = new Map<string, string>();
  const opened = new Set<string>();
  const fieldOf = (name: string): string => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const value = readSetting(name, settings[name], environment);
    if (typeof value !== 'string') problems.push(value.problem);
    if (opened.has(name)) {
      problems.push(`the default of ${name} names itself, perhaps by another setting's`);
      return '';
    }
    opened.add(name);
    const text = typeof value === 'string' ? expand(value, fieldOf) : '';
    read.set(name, text);
    return text;
  };
  for (const name of settingsIn({ rest, sends, receipts })) fieldOf(name);
  const filled = fill({ ...rest, send: sends, receipts }, fieldOf) as Omit<Mapping, 'settings'>;
  problems.push(...originProblems(filled.origin, problems));
  if (problems.length === 0) problems.push(...requestProblems(filled));
  return problems.length > 0
    ? { kind: 'unresolved', problems: [...new Set(problems)] }
    : { kind: 'resolved', mapping: { ...filled, settings, resolved: true } };
}

/** The settings without a default that these forms need: `init` asks a person for them. */
export function neededSettings(
  mapping: Mapping,
  wanted: readonly SendForm[],
): readonly { readonly name: string; readonly about: string; readonly secret: boolean }[] {
  const { settings } = mapping;
  const names = new Set<string>();
  const add = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    for (const inner of settingsIn(settings[name]?.default ?? '')) add(inner);
  };
  const used = { send: wantedSends(mapping, wanted), receipts: wantedReceipts(mapping, wanted) };
  for (const name of settingsIn({ ...mapping, settings: {}, ...used })) add(name);
  return Object.entries(settings)
    .filter(([name, setting]) => names.has(name) && setting.default === undefined)
    .map(([name, { about, secret }]) => ({ name, about, secret }));
}

function wantedSends({ send }: Mapping, wanted: readonly SendForm[]): Mapping['send'] {
  return Object.fromEntries(Object.entries(send).filter(([form]) => wanted.some((one) => one === form)));
}

function wantedReceipts({ receipts }: Mapping, wanted: readonly SendForm[]): Mapping['receipts'] {
  return (
    receipts && {
      ...receipts,
      polls: receipts.polls.filter(({ forms }) => forms.some((form) => wanted.includes(form))),
    }
  );
}

type Setting = Mapping['settings'][string];

function readSetting(
  name: string,
  setting: Setting | undefined,
  environment: Environment,
): string | { readonly problem: string } {
  const given = environment[name];
  const path = setting?.secret === true ? environment[`${name}_FILE`] : undefined;
  if (given !== undefined && path !== undefined) {
    return { problem: `${name} and ${name}_FILE are both set: set one of them` };
  }
  const read = path === undefined ? undefined : readSecret(path);
  if (read?.kind === 'unusable') return { problem: `${name}_FILE: ${path} ${read.why}` };
  const value = given ?? read?.secret ?? setting?.default;
  if (value === undefined) return { problem: `${name} must be set: ${setting?.about}` };
  const isRight = setting?.pattern === undefined || new RegExp(setting.pattern, 'iu').test(value);
  return isRight || value === '' ? value : { problem: `${name} is not as it must be: ${setting.about}` };
}

function expand(text: string, fieldOf: (name: string) => string): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_place, name: string) => fieldOf(name));
}

function fill(value: unknown, fieldOf: (name: string) => string): unknown {
  if (typeof value === 'string') return expand(value, fieldOf);
  if (Array.isArray(value)) return value.map((item) => fill(item, fieldOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, fill(item, fieldOf), item] as const)
      .filter(([, filled, item]) => !(filled === '' && typeof item === 'string' && /^\$\{\w+\}$/.test(item)))
      .map(([name, filled]) => [name, filled]),
  );
}

function originProblems(origin: string, others: readonly string[]): string[] {
  if (others.length > 0) return [];
  const url = URL.parse(origin);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === origin.replace(/\/$/, '')
    ? []
    : [`its origin ${origin} must be scheme, host and port alone, such as https://api.example.com`];
}

/** The forms of a resolved mapping in a fixed order, so that encoder and provider number them alike. */
export function sendsOf({
  send,
}: Pick<Mapping, 'send'>): readonly { readonly form: SendForm; readonly send: SendMapping }[] {
  return sendForms.flatMap((form) => {
    const one = send[form];
    return one === undefined ? [] : [{ form, send: one }];
  });
}

/** The rules: those with this name, or the value itself. */
export function namedAnswers({ answers }: Pick<Mapping, 'answers'>, value: string | Answers): Answers {
  if (typeof value !== 'string') return value;
  const named = answers[value];
  if (named === undefined) throw new RangeError(`no answers ${value}`);
  return named;
}
