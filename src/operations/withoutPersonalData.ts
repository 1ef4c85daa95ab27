const longestText = 200;
/** Shorter ones are codes, such as 550 5.1.1. */
const shortestNumber = 8;

/**
 * Removes addresses and long numbers from a provider's report, because the journal holds no personal data.
 */
export function withoutPersonalData(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/(?<![^\s<>"'(),;:])[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, '(address)')
    .replaceAll(/\+?\d[\d\s().-]{5,}\d/g, (number) =>
      digitsOf(number) < shortestNumber ? number : '(number)',
    )
    .slice(0, longestText);
}

function digitsOf(text: string): number {
  return text.replaceAll(/\D/g, '').length;
}
