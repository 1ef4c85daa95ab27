import type { z } from 'zod';
import type { Answers } from './answerSchema.ts';
import { takesFiles } from './sendForms.ts';

interface CheckedSend {
  readonly body: unknown;
  readonly answers: string | Answers;
  readonly batch?: { readonly items: CheckedItems } | undefined;
}
type CheckedItems =
  | { readonly by: 'whole' }
  | { readonly by: 'position' | 'key'; readonly answers: string | Answers };

/** The parts of a mapping that the checks need. */
interface Checked {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly answers: Readonly<Record<string, Answers>>;
  readonly send: Readonly<Record<string, CheckedSend | undefined>>;
}

interface Problem {
  readonly path: string[];
  readonly message: string;
}

/** Adds an issue for each contradiction between parts of a mapping. */
export function checkParts(mapping: Checked, { addIssue }: z.RefinementCtx): void {
  for (const problem of [
    ...settingProblems(mapping),
    ...sendProblems(mapping),
    ...fileProblems(mapping.send),
  ]) {
    addIssue({ code: 'custom', ...problem });
  }
}

const settingPlace = /\$\{(\w*)\}/g;

export function settingsIn(part: unknown): string[] {
  return [...JSON.stringify(part).matchAll(settingPlace)].map(([, name = '']) => name);
}

function settingProblems(mapping: Checked): Problem[] {
  const used = new Set(settingsIn(mapping));
  const declared = Object.keys(mapping.settings);
  return [
    ...[...used]
      .filter((name) => !declared.includes(name))
      .map((name) => ({ path: ['settings'], message: `has no ${name}, which is used as \${${name}}` })),
    ...declared
      .filter((name) => !used.has(name))
      .map((name) => ({ path: ['settings', name], message: 'is used nowhere' })),
  ];
}

function sendProblems({ send, answers }: Checked): Problem[] {
  const used = new Set<string>();
  const resolve = (value: string | Answers): Answers | undefined => {
    if (typeof value !== 'string') return value;
    used.add(value);
    return answers[value];
  };
  const problems = Object.entries(send).flatMap(([form, one]) =>
    one === undefined ? [] : problemsOfSend(one, resolve).map((problem) => at(['send', form], problem)),
  );
  const unused = Object.keys(answers)
    .filter((name) => !used.has(name))
    .map((name) => ({ path: ['answers', name], message: 'is used nowhere' }));
  return [...problems, ...unused];
}

/**
 * If e-mails have files, some still have none: a member without a phone number has no password for the file.
 */
function fileProblems({ email, emailWithFiles }: Checked['send']): Problem[] {
  if (emailWithFiles === undefined) return [];
  const path = ['send', 'emailWithFiles'];
  if (email === undefined) return [{ path, message: 'needs `email` beside it, for those without files' }];
  if (takesFiles(email)) return [{ path, message: 'is not needed: `email` has a place for files' }];
  return takesFiles(emailWithFiles)
    ? []
    : [{ path: [...path, 'body'], message: 'needs a field that is "{{attachments}}"' }];
}

function problemsOfSend(
  { answers, batch }: CheckedSend,
  resolve: (value: string | Answers) => Answers | undefined,
): Problem[] {
  const items = batch === undefined || batch.items.by === 'whole' ? undefined : batch.items;
  const whole = resolve(answers);
  const ofItems = items === undefined ? undefined : resolve(items.answers);
  const isPerItem = whole?.rules.some(({ means }) => means === 'perItem') === true;
  const problems: Problem[] = [];
  if (whole === undefined) problems.push({ path: ['answers'], message: 'is none of `answers`' });
  else if (isPerItem && items === undefined) {
    problems.push({ path: ['answers'], message: 'means perItem, and batch.items has no list' });
  } else if (!isPerItem && items !== undefined) {
    problems.push({ path: ['answers'], message: 'needs a rule that means perItem' });
  }
  if (items === undefined) return problems;
  if (ofItems === undefined) {
    problems.push({ path: ['batch', 'items', 'answers'], message: 'is none of `answers`' });
  } else if (ofItems.rules.some(({ means }) => means === 'perItem')) {
    problems.push({ path: ['batch', 'items', 'answers'], message: 'cannot mean perItem again' });
  }
  return problems;
}

function at(path: readonly string[], problem: Problem): Problem {
  return { path: [...path, ...problem.path], message: problem.message };
}
