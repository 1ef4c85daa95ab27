import { type CompletedCommand, commandNames, innerNames } from './commandTree.ts';

/** The completion for bash, as a script to be sourced. If it knows no word, bash offers files. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commandNames(commands);
  const inner = names.flatMap((name) => {
    const words = innerNames(commands, name);
    return words.length === 0 ? [] : [`    ${name}) words='${words.join(' ')}' ;;`];
  });
  const choices = commands.flatMap(({ path, options }) =>
    options
      .filter((option) => option.choices.length > 0)
      .map((option) => `    '${path} ${option.flag}') words='${option.choices.join(' ')}' ;;`),
  );
  const values = commands.flatMap(({ path, options }) =>
    options
      .filter((option) => option.takesValue && option.choices.length === 0)
      .map((option) => `'${path} ${option.flag}'`),
  );
  const flags = commands.map(
    ({ path, options }) =>
      `      '${path}') words='${[...options.map(({ flag }) => flag), '--help'].join(' ')}' ;;`,
  );
  return `# Completes billcast in bash: source <(billcast completion bash)
_billcast() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command=\${COMP_WORDS[1]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -le 1 ]; then
    COMPREPLY=($(compgen -W '${names.join(' ')} help --help --version' -- "$current"))
    return
  fi
  case "$command" in
${inner.join('\n')}
  esac
  if [ -n "$words" ] && [ "$COMP_CWORD" -eq 2 ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  [ -z "$words" ] || command="$command \${COMP_WORDS[2]}"
  words=
  case "$command $previous" in
${choices.join('\n')}
    ${values.join('|')}) return ;;
    *)
      case "$command" in
${flags.join('\n')}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _billcast billcast
`;
}

/** The same for zsh, which runs completions of bash. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const script = bashCompletion(commands).split('\n').slice(1).join('\n');
  return `# Completes billcast in zsh: source <(billcast completion zsh)
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
autoload -Uz bashcompinit && bashcompinit
${script}`;
}
