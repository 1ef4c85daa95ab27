/** A template, parsed and checked: plain values, so that a thread can be given it. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string; readonly line: number }
  | {
      readonly kind: 'each' | 'if';
      readonly name: string;
      readonly line: number;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    };

/** What is wrong with a template, and where; `line` counts from 1. */
export interface TemplateProblem {
  readonly line: number;
  readonly message: string;
}
