/** A button below a message that opens a page. */
export interface MessageButton {
  readonly name: string;
  readonly url: string;
}

/** Kakao's limit per message. */
const mostButtons = 5;
const longestName = 14;

export type ReadButtons =
  | { readonly kind: 'buttons'; readonly buttons: readonly MessageButton[] }
  /** `line` counts from 1. `message` contains nothing that was printed. */
  | { readonly kind: 'wrong'; readonly line: number; readonly message: string };

/** Reads the printed text of the buttons' file: a line per button, `name | address`. */
export function readButtons(printed: string): ReadButtons {
  const buttons: MessageButton[] = [];
  for (const [index, text] of printed.split('\n').entries()) {
    if (text.trim() === '') continue;
    const [name = '', url = '', ...rest] = text.split('|').map((part) => part.trim());
    const message = rest.length > 0 ? 'has more than one |' : problemOf(name, url);
    if (message !== undefined) return { kind: 'wrong', line: index + 1, message };
    buttons.push({ name, url });
    if (buttons.length > mostButtons) {
      return { kind: 'wrong', line: index + 1, message: `is one button too many: ${mostButtons} at most` };
    }
  }
  return { kind: 'buttons', buttons };
}

function problemOf(name: string, url: string): string | undefined {
  if (name === '' || [...name].length > longestName) {
    return `needs a name of 1 to ${longestName} characters before |, such as: 청구서 보기 | {{viewUrl}}`;
  }
  const { protocol } = URL.parse(url) ?? {};
  return protocol === 'https:' || protocol === 'http:'
    ? undefined
    : 'needs an address that begins with https:// behind |; {{viewUrl}} is one if VIEW_LINK_URL is set';
}
