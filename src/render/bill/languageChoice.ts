/**
 * Finds the folder for a member's language: `en` for `en`, `EN` and `en-GB` if there is no `en-GB`; the
 * default one for anything else.
 */
export function createLanguageChoice(
  languages: readonly string[],
  defaultLanguage: string,
): (language: string | null | undefined) => string {
  const folders = new Map(languages.map((language) => [language.toLowerCase(), language]));
  return (language) => {
    const wanted = (language ?? '').trim().toLowerCase().replaceAll('_', '-');
    return folders.get(wanted) ?? folders.get(wanted.split('-')[0] ?? '') ?? defaultLanguage;
  };
}
