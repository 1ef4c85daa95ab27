/** What a person sees of a run: events, a line each, above one line of state that is drawn again on a terminal. */
export interface Screen {
  line(text: string): void;
  status(text: string): void;
  /** Takes the line of state away. */
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
