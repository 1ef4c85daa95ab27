import type { Database } from './database.ts';

/** The files of one language of a template, and their hash. */
export interface TemplateVersion {
  readonly name: string;
  readonly language: string;
  readonly hash: string;
  readonly files: Readonly<Record<string, string>>;
}

const remember = {
  name: 'remember-template-version',
  text: `
    insert into template_version (hash, name, language, files) values ($1, $2, $3, $4::jsonb)
    on conflict (hash) do nothing`,
};

/** Stores the templates that bills are printed from. A version that is stored already costs nothing. */
export async function rememberTemplateVersions(
  database: Database,
  versions: readonly TemplateVersion[],
): Promise<void> {
  for (const { hash, name, language, files } of versions) {
    await database.query(remember, [hash, name, language, JSON.stringify(files)]);
  }
}
