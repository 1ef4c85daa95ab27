import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BillcastError } from '../errors.ts';
import type { TemplateFile, TemplateSources } from '../render/templates.ts';

/** Reads the folder of templates. Throws `TEMPLATE_INVALID` for a file that cannot be read. */
export const readTemplates = async (folder: string): Promise<TemplateSources> => {
  const [mjml, text, subject, sms] = await Promise.all([
    read(folder, 'bill.mjml'),
    read(folder, 'bill.txt'),
    read(folder, 'bill.subject.txt'),
    read(folder, 'bill.sms.txt'),
  ]);
  return { 'bill.mjml': mjml, 'bill.txt': text, 'bill.subject.txt': subject, 'bill.sms.txt': sms };
};

const read = async (folder: string, file: TemplateFile): Promise<string> => {
  const path = join(folder, file);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new BillcastError('TEMPLATE_INVALID', `The template ${path} cannot be read: put it there`, {
      cause: error,
    });
  }
};
