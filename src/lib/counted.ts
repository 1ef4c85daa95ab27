/** `1 bill`, `2,000 bills`: in English, whose nouns have a plural. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}
