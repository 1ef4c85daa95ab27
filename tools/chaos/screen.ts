/** The output of a run: one line per event, above a status line that is redrawn on a terminal. */
export interface Screen {
  line(text: string): void;
  status(text: string): void;
  /** Removes the status line. */
  end(): void;
}

const plainStatusEveryMs = 10_000;

export function createScreen(stream: NodeJS.WriteStream): Screen {
  let shown = '';
  let lastPlainStatus = performance.now();
  const clear = stream.isTTY ? '\r\x1b[K' : '';

  const draw = (): void => {
    if (stream.isTTY) stream.write(`${clear}${shown.slice(0, stream.columns - 1)}`);
  };

  return {
    line(text) {
      stream.write(`${clear}${text}\n`);
      draw();
    },
    status(text) {
      shown = text;
      draw();
      if (stream.isTTY || performance.now() - lastPlainStatus < plainStatusEveryMs) return;
      lastPlainStatus = performance.now();
      stream.write(`${text}\n`);
    },
    end() {
      shown = '';
      stream.write(clear);
    },
  };
}
