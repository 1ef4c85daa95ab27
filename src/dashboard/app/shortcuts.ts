import { signal } from '@preact/signals';
import { isDialogOpen } from './dialogs.ts';

/** What the keys do. The page provides it. */
export interface Shortcuts {
  focusSearch(): void;
  leaveSearch(): void;
  showHelp(): void;
  askPause(): void;
  goTo(letter: string): boolean;
}

/** `g` was pressed, and the letter has not come yet. */
const isGoing = signal(false);
const goWithinMs = 1_500;
let goTimer: ReturnType<typeof setTimeout> | undefined;

/**
 * Keys for working without a mouse: `/`, `?`, `j`, `k`, `p`, and `g` followed by a letter. Enter opens a row,
 * because its focus is on a link. Escape leaves the search.
 */
export function listenToKeys(shortcuts: Shortcuts): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isDialogOpen()) return;
    const isHandled = isTyping(event.target) ? type(event, shortcuts) : press(event.key, shortcuts);
    if (isHandled) event.preventDefault();
  });
}

/** All other keys are the field's own. */
function type({ key, target }: KeyboardEvent, { leaveSearch }: Shortcuts): boolean {
  const leaves = key === 'Escape' && target instanceof HTMLElement && target.id === 'find';
  if (leaves) leaveSearch();
  return leaves;
}

function press(key: string, shortcuts: Shortcuts): boolean {
  if (isGoing.value) return endGoing(key, shortcuts);
  switch (key) {
    case '/':
      shortcuts.focusSearch();
      return true;
    case '?':
      shortcuts.showHelp();
      return true;
    case 'p':
      shortcuts.askPause();
      return true;
    case 'j':
    case 'k':
      moveRow(key === 'j' ? 1 : -1);
      return true;
    case 'g':
      isGoing.value = true;
      goTimer = setTimeout(() => {
        isGoing.value = false;
      }, goWithinMs);
      return true;
    default:
      return false;
  }
}

function endGoing(key: string, { goTo }: Shortcuts): boolean {
  isGoing.value = false;
  clearTimeout(goTimer);
  return goTo(key.toLowerCase());
}

/** Moves the focus to the next or previous row. Each row marks its link by `data-row`. */
function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter(
    (row) => row.getClientRects().length > 0,
  );
  const at = rows.indexOf(
    document.activeElement instanceof HTMLElement ? document.activeElement : document.body,
  );
  const next =
    rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
}

/** A box to tick takes no letters. */
function isTyping(target: EventTarget | null): boolean {
  const typed = 'input:not([type=checkbox], [type=radio], [type=file]), textarea, select';
  return target instanceof HTMLElement && target.matches(typed);
}
