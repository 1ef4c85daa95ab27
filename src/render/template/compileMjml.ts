import mjml2html from 'mjml';
import type { TemplateProblem } from './templateNode.ts';

export type CompiledMjml =
  | { readonly kind: 'compiled'; readonly html: string }
  | { readonly kind: 'refused'; readonly problems: readonly TemplateProblem[] };

/** Compiles MJML to HTML; placeholders stay as they are. Includes are not followed (CVE-2025-67898). */
export async function compileMjml(source: string): Promise<CompiledMjml> {
  try {
    const { html, errors } = await mjml2html(source, {
      validationLevel: 'soft',
      keepComments: false,
      ignoreIncludes: true,
    });
    return errors.length > 0
      ? { kind: 'refused', problems: errors }
      : { kind: 'compiled', html: shortened(html) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', problems: [{ line: 1, message }] };
  }
}

/**
 * Removes the indentation, which is two thirds of the size. Line breaks stay, so that no line becomes too
 * long for SMTP.
 */
function shortened(html: string): string {
  return html.replaceAll(/\s*\n\s*/g, '\n');
}
