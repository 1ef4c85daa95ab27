import { createHash } from 'node:crypto';
import { languagesOf, partsFolder, type TemplateSet } from './templateFiles.ts';

/** The version of one language of a template. */
interface LanguageVersion {
  readonly language: string;
  /** SHA-256 in hex, see `versionOf`. */
  readonly hash: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The version of each language, over its files and the parts that all languages may use. */
export function languageVersions(set: TemplateSet): LanguageVersion[] {
  return languagesOf(set).map((language) => {
    const files = Object.fromEntries(
      Object.entries(set.files).filter(
        ([path]) => path.startsWith(`${language}/`) || path.startsWith(`${partsFolder}/`),
      ),
    );
    return { language, hash: versionOf(set.name, files), files };
  });
}

/** The version of the whole template, over the files of all languages. */
export function templateVersion({ name, files }: Pick<TemplateSet, 'name' | 'files'>): string {
  return versionOf(name, files);
}

/**
 * SHA-256 over the JSON `["bill",[["ko/email.mjml","<SHA-256 of the file>"],...]]`, without spaces, sorted by
 * path: anybody can compute it from the files.
 */
function versionOf(name: string, files: Readonly<Record<string, string>>): string {
  const entries = Object.keys(files)
    .sort()
    .map((path) => [path, sha256(files[path] ?? '')]);
  return sha256(JSON.stringify([name, entries]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The part that people see: enough to tell two versions apart. */
export function shortVersion(version: string): string {
  return version.slice(0, 12);
}
