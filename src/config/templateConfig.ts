import { join } from 'node:path';
import { z } from 'zod';
import { type Channel, channelNames, channels, usualOrder } from '../channels.ts';
import { projectDir } from '../lib/projectDir.ts';
import type { TemplateChoice } from '../pool/readTemplates.ts';
import type { ProviderShares } from '../providers/providerShares.ts';
import { fileProviderNames, sendsFiles } from '../providers/providerTraits.ts';
import { type PdfOptions, pdfPasswords } from '../render/pdf/attachment.ts';

const folderName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*$/, 'is the name of a folder: letters, digits, _, . and - only');

export const templateShape = {
  /** Default: the folder `templates` of the project. */
  TEMPLATES_DIR: z.string().min(1).optional(),
  TEMPLATE: folderName.default('bill'),
  TEMPLATE_LANGUAGE: folderName.default('ko'),
  ATTACH_PDF: z.stringbool().default(false),
  PDF_PASSWORD: z.enum(pdfPasswords).default('none'),
  PDF_FONT: z.string().min(1).optional(),
};

type TemplateEnvironment = z.infer<z.ZodObject<typeof templateShape>>;

/** @param order `CHANNELS`; the others need files only if each template has them */
export function templateChoiceOf(env: TemplateEnvironment, order: readonly Channel[]): TemplateChoice {
  return {
    dir: env.TEMPLATES_DIR ?? join(projectDir, 'templates'),
    name: env.TEMPLATE,
    language: env.TEMPLATE_LANGUAGE,
    channels: [...new Set([...usualOrder, ...order])],
  };
}

/** Undefined if e-mails have no PDF with them. */
export function pdfOf(env: TemplateEnvironment): PdfOptions | undefined {
  return env.ATTACH_PDF ? { password: env.PDF_PASSWORD, font: env.PDF_FONT } : undefined;
}

/** @param ownDir `PROVIDERS_DIR` */
export function pdfProblems(
  env: TemplateEnvironment,
  shares: ProviderShares,
  ownDir: string | undefined,
): string[] {
  if (!env.ATTACH_PDF) return [];
  const others = channelNames
    .filter((channel) => channels[channel].message.kind === 'email')
    .flatMap((channel) => shares[channel])
    .filter(({ name }) => !sendsFiles(name, ownDir));
  if (others.length === 0) return [];
  const able = fileProviderNames(ownDir);
  return others.map(
    ({ name }) =>
      `ATTACH_PDF: billcast cannot send files by the provider ${name}; choose one of ${able.join(', ')}, ` +
      'or send a link to the bill instead (VIEW_LINK_URL)',
  );
}
