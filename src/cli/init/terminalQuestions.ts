import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks a person, on standard error. */
export interface Questions {
  /** An empty answer means the default. */
  ask(question: string, byDefault?: string): Promise<string>;
  /** The same without showing what is typed. */
  askSecret(question: string): Promise<string>;
  /** Tells what is wrong with an answer. */
  say(line: string): void;
  close(): void;
}

export function openQuestions({ stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Questions {
  let isHidden = false;
  let isDone = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isHidden) stderr.write(chunk);
      done();
    },
  });
  const terminal = createInterface({ input: stdin, output, terminal: true });
  // Ctrl-C and Ctrl-D end the command. Nothing is written before the last question.
  terminal.on('SIGINT', () => process.exit(130));
  terminal.on('close', () => {
    stderr.write('\n');
    if (!isDone) process.exit(130);
  });
  return {
    async ask(question, byDefault = '') {
      const answer = await terminal.question(`${question}${byDefault === '' ? '' : ` [${byDefault}]`}: `);
      return answer.trim() === '' ? byDefault : answer.trim();
    },
    async askSecret(question) {
      stderr.write(`${question} (not shown): `);
      isHidden = true;
      try {
        return (await terminal.question('')).trim();
      } finally {
        isHidden = false;
        stderr.write('\n');
      }
    },
    say: (line) => stderr.write(`${line}\n`),
    close() {
      isDone = true;
      terminal.close();
    },
  };
}
