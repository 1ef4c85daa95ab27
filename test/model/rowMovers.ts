import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * The exported functions of src/db that update rows of `bill_notification`, found in its source: those whose
 * text holds such a statement or names, directly or not, a declaration that does. Builders of statements do
 * not count.
 */
export function findRowMovers(folder: string): string[] {
  const files = globSync('**/*.ts', { cwd: folder }).map((file) => readDeclarations(join(folder, file)));
  const moving = new Set<Declaration>();
  for (let before = -1; before < moving.size; ) {
    before = moving.size;
    for (const file of files) {
      for (const declaration of file.declarations) {
        if (isMoving(declaration, visibleIn(file, files, moving))) moving.add(declaration);
      }
    }
  }
  return [...moving].filter(isAsked).map(({ name }) => name);
}

interface Declaration {
  readonly name: string;
  readonly text: string;
  readonly isExported: boolean;
}

interface SourceFile {
  readonly name: string;
  readonly text: string;
  readonly declarations: readonly Declaration[];
}

function readDeclarations(path: string): SourceFile {
  const text = readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const starts = /^(?=(?:export )?(?:const|function|async function|interface|type|import) )/m;
  const declarations = text.split(starts).flatMap((declared): Declaration[] => {
    const [, exported, name] = /^(export )?(?:const|(?:async )?function) (\w+)/.exec(declared) ?? [];
    return name === undefined ? [] : [{ name, text: declared, isExported: exported !== undefined }];
  });
  return { name: basename(path), text, declarations };
}

/** Moving declarations of the file itself, and those of others that it imports. */
function visibleIn(
  file: SourceFile,
  files: readonly SourceFile[],
  moving: ReadonlySet<Declaration>,
): string[] {
  return files
    .filter((other) => other === file || file.text.includes(`/${other.name}'`))
    .flatMap((other) => other.declarations)
    .filter((declaration) => moving.has(declaration))
    .map(({ name }) => name);
}

function isMoving({ name, text }: Declaration, visible: readonly string[]): boolean {
  return (
    /update bill_notification/.test(text) ||
    visible.some((other) => other !== name && new RegExp(`\\b${other}\\b(?!')`).test(text))
  );
}

function isAsked({ text, isExported }: Declaration): boolean {
  return isExported && /database: Database/.test(text);
}
