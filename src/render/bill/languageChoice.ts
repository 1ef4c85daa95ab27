/**
 * Makes the function that finds the folder for a member's language. `en` is for `en` and `EN`, and for
 * `en-GB` if there is no folder `en-GB`. For any other language the default folder is used.
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
