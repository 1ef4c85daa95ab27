/** A named statement: the server plans it once per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}
