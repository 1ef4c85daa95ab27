import type { UrlPlace } from './urlAttributes.ts';

/** A template, parsed and checked: plain values, so that a thread can be given it. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly line: number;
      /** If it stands in an attribute that takes a URL. */
      readonly url?: UrlPlace;
    }
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
