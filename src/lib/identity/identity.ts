/** Where a token, and perhaps the address of the Image service, come from. */

export interface Credentials {
  /** For `X-Auth-Token`; absent when the service is used without authentication. */
  readonly token?: string | undefined
  /** Base URL of the Image service, where the identity knows one. */
  readonly endpoint?: string | undefined
}

/** Contract: asking twice is cheap and gives the same; what goes wrong is a `Failure`, and no secret is in it. */
export interface Identity {
  credentials(): Promise<Credentials>
}
