import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import type { TemplateFile, TemplateSources } from '../render/template/templates.ts';

/** Reads the folder of templates, file by file. Throws `TEMPLATE_INVALID` for the first that cannot be read. */
export async function readTemplates(folder: string): Promise<TemplateSources> {
  return {
    'bill.mjml': await read(folder, 'bill.mjml'),
    'bill.txt': await read(folder, 'bill.txt'),
    'bill.subject.txt': await read(folder, 'bill.subject.txt'),
    'bill.sms.txt': await read(folder, 'bill.sms.txt'),
  };
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
