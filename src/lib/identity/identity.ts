/** Where the right to use the Image service, and its address, come from. */

export type ApiVersion = 1 | 2

export interface Session {
  /** Go with every request to the Image service; they hold the token, so they are never shown. */
  readonly headers: Readonly<Record<string, string>>
  /** Base URL of the Image service, without version and without a slash at its end. */
  readonly endpoint: string
  /** Version of the Image API that the address names, or that was remembered. */
  readonly apiVersion?: ApiVersion
  /** Absent when there is no token, or when nobody knows how long it lives. */
  readonly expiresAt?: Date
  /** The caller's project and user, where a login told them. */
  readonly projectId?: string
  readonly userId?: string
}

export interface SessionOptions {
  /**
   * How long the work will take, for work that cannot be repeated, such as an upload. A token that has less to live is
   * exchanged for a new one; compare `expiresAt` to learn whether that was enough.
   */
  readonly lifeSeconds?: number
}

/**
 * Contract: asking twice is cheap and gives the same, also when asked at once from several places. What goes wrong is a
 * `Failure` of kind denied, usage or unavailable, without secrets. Nothing is sent before the first question, so an
 * upload asks before it touches its data.
 */
export interface Identity {
  session(options?: SessionOptions): Promise<Session>
  /**
   * Another session, after the service answered 401 to the one before: call it once, then give up. Undefined when
   * there is no way to get another.
   */
  renew(): Promise<Session | undefined>
  /** Keeps for the next session, and the next process, which version of the API was found. Never fails. */
  rememberApiVersion(apiVersion: ApiVersion): Promise<void>
}
