import { join } from 'node:path';
import { z } from 'zod';
import { projectDir } from '../lib/projectDir.ts';
import type { TemplateChoice } from '../pool/readTemplates.ts';

const folderName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*$/, 'is the name of a folder: letters, digits, _, . and - only');

export const templateShape = {
  /** Unset: the folder `templates` of the project. */
  TEMPLATES_DIR: z.string().min(1).optional(),
  TEMPLATE: folderName.default('bill'),
  TEMPLATE_LANGUAGE: folderName.default('ko'),
};

type TemplateEnvironment = z.infer<z.ZodObject<typeof templateShape>>;

export function templateChoiceOf(env: TemplateEnvironment): TemplateChoice {
  return {
    dir: env.TEMPLATES_DIR ?? join(projectDir, 'templates'),
    name: env.TEMPLATE,
    language: env.TEMPLATE_LANGUAGE,
  };
}
