import { partsFolder, type TemplateSet } from './templateFiles.ts';
import type { TemplateProblem } from './templateNode.ts';

/** A line of a template's file. */
export interface SourceLine {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
}

/** A file with its parts inserted, and the origin of each line. */
export interface ExpandedSource {
  readonly text: string;
  readonly lines: readonly SourceLine[];
  readonly problems: readonly FileProblem[];
}

export interface FileProblem extends TemplateProblem {
  readonly file: string;
}

/**
 * Inserts the parts, as text, before MJML reads the file. In a file of the language `ko`, `{{> footer}}` is
 * `ko/parts/footer` or, if that is missing, `parts/footer`, with the ending of the file that names it. A part
 * cannot be outside of the template's folder.
 */
export function expandParts(set: TemplateSet, file: string): ExpandedSource {
  const [language = ''] = file.split('/');
  const expansion: Expansion = { set, language, problems: [], characters: 0 };
  const lines = expandFile(expansion, file, []);
  return {
    text: lines.map(({ text }) => text).join('\n'),
    lines,
    problems: expansion.problems,
  };
}

interface Expansion {
  readonly set: TemplateSet;
  readonly language: string;
  readonly problems: FileProblem[];
  /** The number of characters so far: parts of parts could grow without end. */
  characters: number;
}

interface ExpandedLine extends SourceLine {
  readonly text: string;
}

const mostCharacters = 1_000_000;
const reference = /\{\{>\s*([^{}]*?)\s*\}\}/;

/** @param within the files that name this one, the outermost first */
function expandFile(expansion: Expansion, file: string, within: readonly string[]): ExpandedLine[] {
  const text = expansion.set.files[file] ?? '';
  return text
    .split('\n')
    .flatMap((line, index) =>
      expandLine(expansion, { file, line: index + 1, text: line }, [...within, file]),
    );
}

function expandLine(expansion: Expansion, line: ExpandedLine, within: readonly string[]): ExpandedLine[] {
  const found = reference.exec(line.text);
  if (found === null) {
    expansion.characters += line.text.length;
    return [line];
  }
  const [written, name = ''] = found;
  const before = line.text.slice(0, found.index);
  const behind = line.text.slice(found.index + written.length);
  const put = expandReference(expansion, { ...line, text: name }, within);
  if (put.length === 0) return expandLine(expansion, { ...line, text: before + behind }, within);
  const rest = expandLine(expansion, { ...line, text: behind }, within);
  return joined([{ ...line, text: before }], joined(put, rest));
}

/** The part that a line names; if there is none, nothing, and a problem is added. */
function expandReference(
  expansion: Expansion,
  line: ExpandedLine,
  within: readonly string[],
): ExpandedLine[] {
  const refuse = (message: string): ExpandedLine[] => {
    expansion.problems.push({ file: line.file, line: line.line, message });
    return [];
  };
  const { set, language } = expansion;
  if (!/^[A-Za-z][\w-]*$/.test(line.text)) {
    return refuse(`{{> ${line.text}}} is not the name of a part: letters, digits, _ and - only`);
  }
  const name = `${partsFolder}/${line.text}${/\.\w+$/.exec(within[0] ?? '')?.[0] ?? ''}`;
  const file = [`${language}/${name}`, name].find((path) => Object.hasOwn(set.files, path));
  if (file === undefined) return refuse(`there is no part ${language}/${name}, and no ${name}`);
  if (within.includes(file)) {
    return refuse(`a part must not include itself: ${[...within, file].join(' > ')}`);
  }
  if (expansion.characters > mostCharacters) {
    return refuse(`with its parts it has over ${mostCharacters} characters`);
  }
  const lines = expandFile(expansion, file, within);
  // The line break at the end of a file is not inserted.
  return lines.length > 1 && lines.at(-1)?.text === '' ? lines.slice(0, -1) : lines;
}

/**
 * Appends the first line of `next` to the last line of `lines`. The joined line has the origin of the part
 * that is not blank.
 */
function joined(lines: readonly ExpandedLine[], next: readonly ExpandedLine[]): ExpandedLine[] {
  const [last, first] = [lines.at(-1), next[0]];
  if (last === undefined || first === undefined) return [...lines, ...next];
  const owner = last.text.trim() === '' ? first : last;
  return [...lines.slice(0, -1), { ...owner, text: last.text + first.text }, ...next.slice(1)];
}
