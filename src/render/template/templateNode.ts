/** A part of a parsed and checked template: plain values, so that it can be passed to a thread. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly line: number;
      /** Present if it is in an attribute that takes a URL. */
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

/** The place of a value in an attribute that takes a URL; see `printer.ts`. */
export type UrlPlace =
  /** The value is the URL or its beginning: its scheme is checked when it is printed. */
  | 'start'
  /** The value is behind the host of an http(s) URL. */
  | 'http'
  /** The value is in a mailto or tel URL. */
  | 'contact';
