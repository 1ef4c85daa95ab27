/** Each way in which a value of a person may come back: as it is, encoded, or written another way. */
export function spellingsOf(value: string): string[] {
  const digits = value.replaceAll(/\D/g, '');
  const isNumber = /^[\d\s+()-]{8,}$/.test(value);
  const spelled = isNumber
    ? [digits, `82${digits.slice(1)}`, digits.replace(/^(...)(.*)(....)$/, '$1 $2 $3')]
    : [];
  const written = [value, value.normalize('NFD'), ...spelled];
  const encoded = written.flatMap((text) => [
    encodeURIComponent(text),
    Buffer.from(text).toString('base64').replaceAll('=', ''),
    Buffer.from(text).toString('base64url'),
    JSON.stringify(text).slice(1, -1),
    [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  ]);
  return [...new Set([...written, ...encoded])];
}

/** What a provider may say that repeats these values: in words, in a form, encoded, or nothing else. */
export function echoesOf(values: readonly string[]): string[] {
  const all = values.map(spellingsOf);
  const most = Math.max(...all.map(({ length }) => length));
  const together = Array.from({ length: most }, (_, index) =>
    all.flatMap((one) => one[index] ?? []).join(' '),
  );
  return [
    ...together.map((text) => `Recipient ${text} is not valid`),
    ...together.map((text) => `to=${text.replaceAll(' ', '&x=')}`),
    ...values.flatMap((value) => [value, `${value}님`]),
  ];
}
