import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, ask, type Trouble } from './askApi.ts';

export interface Loaded<Value> {
  /** The last answer; null until the first one. It stays while a newer one is asked for. */
  readonly value: Value | null;
  readonly trouble: Trouble | null;
  readonly isLoading: boolean;
  reload(): void;
}

/** Asks as soon as the component is shown, and again every `everyMs` while the page is visible. */
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
    // This answers an older question.
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
    // Does not ask while an answer is awaited: otherwise answers slower than the interval would always be
    // outdated.
    const tick = () => !document.hidden && answered.current === asked.current && void load();
    const timer = everyMs === undefined ? undefined : setInterval(tick, everyMs);
    return () => {
      asked.current++;
      clearInterval(timer);
    };
  }, [key]);
  return { ...state, reload: () => void load() };
}
