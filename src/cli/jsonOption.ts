import { Option } from 'commander';

/** `--json` of a command, which prints with `printFacts`. */
export function jsonOption(does = 'print the facts as one line of JSON'): Option {
  return new Option('--json', does);
}
