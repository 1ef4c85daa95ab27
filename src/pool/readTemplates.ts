import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { channelNames } from '../channels.ts';
import { BillcastError } from '../errors.ts';
import {
  type TemplateFile,
  type TemplateSources,
  templateFilesOf,
} from '../render/template/templateFiles.ts';

/**
 * Reads the files of all channels from the folder of templates.
 * @throws BillcastError TEMPLATE_INVALID for the first that cannot be read
 */
export async function readTemplates(folder: string): Promise<TemplateSources> {
  const sources: Partial<Record<TemplateFile, string>> = {};
  for (const file of channelNames.flatMap(templateFilesOf)) sources[file] = await read(folder, file);
  return sources as TemplateSources;
}

async function read(folder: string, file: TemplateFile): Promise<string> {
  const path = join(folder, file);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new BillcastError('TEMPLATE_INVALID', `The template ${path} cannot be read: put it there`, {
      cause: error,
    });
  }
}
