import { styleText } from 'node:util';
import { fitLines } from './fitLines.ts';
import type { Tone, WatchLine } from './watchLines.ts';

/** Uses the whole terminal until it is left. The terminal is restored even if the process fails. */
export interface FullScreen {
  draw(lines: readonly WatchLine[]): void;
  /** Restores the terminal. Can be called twice. */
  leave(): void;
}

const enterText = '\x1b[?1049h\x1b[?25l';
const leaveText = '\x1b[?25h\x1b[?1049l';
const escapeKey = '\x1b';
const controlC = '\x03';
const controlZ = '\x1a';

/**
 * States: entered, suspended (Ctrl-Z, until the process continues), left.
 * @param onQuit a person pressed q or Ctrl-C
 */
export function openFullScreen(
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>,
  onQuit: () => void,
): FullScreen {
  let drawn: readonly WatchLine[] = [];
  let isLeft = false;

  const enter = (): void => {
    if (isLeft) return;
    stdin.setRawMode(true);
    stdout.write(enterText);
    redraw();
  };
  const restore = (): void => {
    stdin.setRawMode(false);
    stdout.write(leaveText);
  };
  const redraw = (): void => {
    const lines = [...drawn, { text: '', tone: 'plain' }, { text: '  q quits', tone: 'quiet' }] as const;
    const shown = fitLines(lines, stdout.rows).map((one) => `${coloured(one, stdout)}\x1b[K`);
    stdout.write(`\x1b[H${shown.join('\r\n')}\x1b[J`);
  };
  const onKeys = (keys: Buffer): void => {
    for (const one of keysIn(keys.toString())) {
      if (one === 'q' || one === controlC) {
        onQuit();
        return;
      }
      if (one === controlZ) {
        restore();
        process.kill(process.pid, 'SIGSTOP');
      }
    }
  };
  stdin.on('data', onKeys);
  stdout.on('resize', redraw);
  process.on('SIGCONT', enter);
  const leave = (): void => {
    if (isLeft) return;
    isLeft = true;
    stdin.off('data', onKeys).pause();
    stdout.off('resize', redraw);
    process.off('SIGCONT', enter).off('exit', leave);
    restore();
  };
  process.on('exit', leave);
  enter();
  return {
    draw(lines) {
      drawn = lines;
      redraw();
    },
    leave,
  };
}

const escapeSequence = new RegExp(`${escapeKey}(?:\\[[\\d;?]*[ -/]*[@-~]|O.)?`, 'gsu');

/** The keys in one chunk: keys that were typed before the screen was ready arrive together. */
export function keysIn(text: string): string[] {
  return [...text.replaceAll(escapeSequence, '')];
}

const formats = {
  title: 'bold',
  plain: 'reset',
  good: 'green',
  bad: 'yellow',
  quiet: 'dim',
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

/**
 * A line, cut to the width. It is coloured only if the stream is a terminal that wants colours; `NO_COLOR` is
 * respected.
 */
export function coloured({ text, tone }: WatchLine, stream: NodeJS.WriteStream): string {
  const cut = text.slice(0, Math.max(20, stream.columns - 1));
  return tone === 'plain' ? cut : styleText(formats[tone], cut, { stream });
}
