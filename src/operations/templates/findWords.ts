/** A word in a template that may make a bill look like an advertisement. */
export interface RiskyWord {
  readonly word: string;
  readonly line: number;
  readonly why: string;
}

const advertises =
  'an advertisement in Korea must begin with (광고), offer a free opt-out, and not go out from 21:00 to ' +
  '08:00 (정보통신망법 §50): take it out of the bill';
const looksLikeSpam = 'filters take it for spam: say it in other words';

const words: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern:
      /이벤트|쿠폰|프로모션|경품|당첨|사은품|특가|세일|무료\s*증정|할인\s*(?:혜택|행사|쿠폰|코드)|포인트\s*적립/g,
    why: advertises,
  },
  {
    pattern:
      /\b(?:coupons?|promo(?:tion)?s?|special offers?|limited offers?|discount codes?|prizes?|sale now|sweepstakes?|gift cards?)\b/gi,
    why: advertises,
  },
  {
    pattern:
      /\b(?:act now|click here|100% free|risk[- ]free|winner|congratulations|urgent|guaranteed)\b|!{2,}|여기를?\s*클릭/gi,
    why: looksLikeSpam,
  },
];

/** Finds such words in the template's own text, not in what a bill fills in, such as 할인 as an item. */
export function findWords(source: string): RiskyWord[] {
  return source
    .split('\n')
    .flatMap((text, index) =>
      words.flatMap(({ pattern, why }) =>
        Array.from(withoutPlaceholders(text).matchAll(pattern), ([word]) => ({ word, line: index + 1, why })),
      ),
    );
}

function withoutPlaceholders(line: string): string {
  return line.replaceAll(/\{\{[^}]*\}\}|<[^>]*>/g, ' ');
}
