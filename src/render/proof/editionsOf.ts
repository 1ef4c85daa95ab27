import type { FormatOptions } from '../bill/languageFormat.ts';
import type { TemplateSet } from '../template/templateFiles.ts';
import { languageVersions } from '../template/templateVersion.ts';
import { type ContentKey, contentEncoding } from './contentHasher.ts';
import type { Edition } from './edition.ts';

/** What messages are hashed with. */
export interface ProofOptions {
  readonly key: ContentKey;
  /** billcast's version. */
  readonly program: string;
}

type EditionFormat = Pick<FormatOptions, 'timeZone' | 'currency' | 'viewLinks'>;

/** @param template the version of the language's template */
export function editionOf(
  { key: { keyId, keyCheck }, program }: ProofOptions,
  { timeZone, currency = 'KRW', viewLinks }: EditionFormat,
  { template, language }: Pick<Edition, 'template' | 'language'>,
): Edition {
  const printed = { timeZone, currency, hasLink: viewLinks !== undefined };
  return { encoding: contentEncoding, template, language, program, ...printed, keyId, keyCheck };
}

/** The editions of all languages. */
export function editionsOf(proof: ProofOptions, format: EditionFormat, templates: TemplateSet): Edition[] {
  return languageVersions(templates).map(({ language, hash }) =>
    editionOf(proof, format, { template: hash, language }),
  );
}
