/** The person who asks for something about a run. */
export interface RunActor {
  /** `person <name>` */
  readonly name: string;
  /** Whether a token, a session or the company's sign-in proves who it is. A command on the host does not. */
  readonly isNamed: boolean;
}
