/** The contract of identities, which provide the credentials for the Image service and its address. */

/** Major version of the Image API. */
export type ApiVersion = 1 | 2

/** Access to the Image service. */
export interface Session {
  /** Headers of every request to the Image service; they hold the token, so they are never shown. */
  readonly headers: Readonly<Record<string, string>>
  /** Base URL of the Image service, without version and trailing slash. */
  readonly endpoint: string
  /** Version of the Image API in the address, or remembered. */
  readonly apiVersion?: ApiVersion
  /** Newest minor version of `apiVersion`, if it is remembered. */
  readonly apiMinor?: number
  /** Absent without a token, or when its expiry is unknown. */
  readonly expiresAt?: Date
  /** Id of the caller's project, if known. */
  readonly projectId?: string
  /** Name of that project, if a login returned it. */
  readonly projectName?: string
  /** Id of the caller, if a login returned it. */
  readonly userId?: string
}

/** Requirements of a caller. */
export interface SessionOptions {
  /**
   * Seconds that work will take that cannot be repeated, for example an upload. A token with less time left is renewed;
   * compare `expiresAt` to learn if that was enough.
   */
  readonly lifeSeconds?: number
}

/** The answer to the question which project an argument names. */
export type ProjectLookup =
  /** Not looked up: the text looks like an id, or there is no Keystone v3 to ask. */
  | {readonly kind: 'as-given'}
  /** It is the id of a project. */
  | {readonly kind: 'id'}
  /** It is the name of this project. */
  | {readonly kind: 'name'; readonly id: string}
  /** No project was found, for this reason. */
  | {readonly kind: 'unknown'; readonly why: string}

/**
 * Contract: repeated calls are cheap and give the same, also concurrent ones. Errors are a `Failure` of kind denied,
 * usage, unavailable or failed, without secrets. Nothing is sent before the first call, so an upload calls `session`
 * before it touches its data.
 */
export interface Identity {
  /** The current session; logs in if there is none. */
  session(options?: SessionOptions): Promise<Session>
  /**
   * Another session, after the service answered the current one with 401: call it once, then give up. Undefined if
   * there cannot be another.
   */
  renew(): Promise<Session | undefined>
  /**
   * The project of that id or name.
   * @throws Failure of kind ambiguous if several projects have the name
   */
  findProject(nameOrId: string): Promise<ProjectLookup>
  /**
   * Remembers the version of the API for the next session and the next process. Never fails.
   * @param apiMinor newest minor version of it, if known
   */
  rememberApiVersion(apiVersion: ApiVersion, apiMinor?: number): Promise<void>
}
