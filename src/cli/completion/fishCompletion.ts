import type { CompletedCommand, CompletedOption } from './commandTree.ts';

/** The completion for fish, as a script to be sourced. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ path, summary, options }) => {
    const [name = '', inner] = path.split(' ');
    const before =
      inner === undefined
        ? '__fish_use_subcommand'
        : `__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${inner}`;
    const after = `__fish_seen_subcommand_from ${name}${inner === undefined ? '' : `; and __fish_seen_subcommand_from ${inner}`}`;
    return [
      `complete -c billcast -f -n '${before}' -a ${inner ?? name} -d ${quoted(summary)}`,
      ...options.map((option) => optionLine(after, option)),
    ];
  });
  return `# Completes billcast in fish: billcast completion fish | source\n${lines.join('\n')}\n`;
}

function optionLine(after: string, { flag, summary, takesValue, choices }: CompletedOption): string {
  const values = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : '';
  return `complete -c billcast -n '${after}' -l ${flag.slice(2)}${values} -d ${quoted(summary)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
