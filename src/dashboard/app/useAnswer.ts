import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, ask, type Trouble } from './askApi.ts';

export interface Loaded<Value> {
  /** The last one that came; null until the first. Old facts stay while newer ones are asked for. */
  readonly value: Value | null;
  readonly trouble: Trouble | null;
  readonly isLoading: boolean;
  reload(): void;
}

/** Asks for something as soon as it is shown, and again every `everyMs` while the page is seen. */
export function useAnswer<Value>(
  path: string,
  options: { readonly everyMs?: number; readonly body?: unknown } = {},
): Loaded<Value> {
  const { everyMs, body } = options;
  const [state, setState] = useState<{ value: Value | null; trouble: Trouble | null; isLoading: boolean }>({
    value: null,
    trouble: null,
    isLoading: true,
  });
  const asked = useRef(0);
  const answered = useRef(0);
  const key = JSON.stringify([path, body]);
  const load = async (): Promise<void> => {
    const turn = ++asked.current;
    const answer: Answer<Value> = await ask(path, body === undefined ? {} : { method: 'POST', body });
    // An answer to an older question comes too late.
    if (turn !== asked.current) return;
    answered.current = turn;
    setState((before) =>
      answer.kind === 'ok'
        ? { value: answer.value, trouble: null, isLoading: false }
        : { value: before.value, trouble: answer.trouble, isLoading: false },
    );
  };
  useEffect(() => {
    setState({ value: null, trouble: null, isLoading: true });
    void load();
    // Not while an answer is out: one that takes longer than that would always be too late.
    const tick = () => !document.hidden && answered.current === asked.current && void load();
    const timer = everyMs === undefined ? undefined : setInterval(tick, everyMs);
    return () => {
      asked.current++;
      clearInterval(timer);
    };
  }, [key]);
  return { ...state, reload: () => void load() };
}
