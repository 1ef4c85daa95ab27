import type { Config } from '../../config/loadConfig.ts';
import type { TemplateVersion } from '../../db/templateVersions.ts';
import { readTemplates } from '../../pool/readTemplates.ts';
import { languageVersions, templateVersion } from '../../render/template/templateVersion.ts';
import type { Plan } from '../../runs/plan.ts';

/** This host's template, in the form in which plans name it, and the files of its languages. */
export interface HostTemplates {
  readonly hashes: Plan['templates'];
  readonly versions: readonly TemplateVersion[];
}

/** @throws BillcastError TEMPLATE_INVALID */
export async function readHostTemplates({ templates }: Pick<Config, 'templates'>): Promise<HostTemplates> {
  const set = await readTemplates(templates);
  const versions = languageVersions(set).map((version) => ({ ...version, name: set.name }));
  const languages = versions.map(({ language, hash }) => [`${set.name}/${language}`, hash]);
  return { hashes: { [set.name]: templateVersion(set), ...Object.fromEntries(languages) }, versions };
}
