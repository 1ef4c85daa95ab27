import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Channel } from '../channels.ts';
import { BillcastError } from '../errors.ts';
import { projectDir } from '../lib/projectDir.ts';
import type { TemplateSet } from '../render/template/templateFiles.ts';

/** Which template bills are printed with. */
export interface TemplateChoice {
  /** `TEMPLATES_DIR` */
  readonly dir: string;
  /** `TEMPLATE`: the folder in it. */
  readonly name: string;
  /** `TEMPLATE_LANGUAGE`: the folder in `name` for members without a language. */
  readonly language: string;
  /** The channels whose files it must have. */
  readonly channels: readonly Channel[];
}

/**
 * Reads all files of a template.
 * @throws BillcastError TEMPLATE_INVALID if the folder or a file cannot be read
 */
export async function readTemplates({ dir, name, language, channels }: TemplateChoice): Promise<TemplateSet> {
  const path = join(dir, name);
  const files: Record<string, string> = {};
  for (const file of await listFiles(path)) files[file] = await read(join(path, file));
  return { name, folder: shownPath(path), defaultLanguage: language, channels, files };
}

/**
 * Paths with `/` between folders on every system. Symbolic links are followed, because mounted settings are
 * links.
 */
async function listFiles(path: string): Promise<string[]> {
  try {
    const names = (await readdir(path, { recursive: true })).filter((name) => shownFile.test(name));
    if (names.length > mostFiles) throw new RangeError(`it has more than ${mostFiles} files`);
    return names.map((name) => name.replaceAll(sep, '/')).sort();
  } catch (cause) {
    const message = `The folder of templates ${path} cannot be read: put it there, or set TEMPLATES_DIR and TEMPLATE`;
    throw new BillcastError('TEMPLATE_INVALID', message, { cause });
  }
}

/** Excludes hidden folders, such as those that Kubernetes makes beside mounted files. */
const shownFile = /^(?:[^.][^/\\]*[/\\])*[^.][^/\\]*\.(?:mjml|txt|json)$/;
const mostFiles = 1_000;
const mostBytes = 1_000_000;

async function read(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new RangeError(`it has ${size} bytes, more than ${mostBytes}`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new BillcastError('TEMPLATE_INVALID', `The template ${path} cannot be read`, { cause });
  }
}

/** Paths inside the project are shown without the project's own path. */
function shownPath(path: string): string {
  const within = relative(projectDir, path);
  return within.startsWith('..') ? path : within.replaceAll(sep, '/');
}
