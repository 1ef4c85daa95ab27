/** What `billcast embedded status` tells of one server. */
export interface ServerFacts {
  running: boolean;
  pid?: number;
  port?: number;
  version?: string;
}
