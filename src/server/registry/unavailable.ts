/** The error of a registry whose database cannot be reached. */

/** The database cannot be reached, or does not answer in time. Whether a change was made is not known. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable'
  /** As of the errors of the system and of SQLite. */
  readonly code = 'REGISTRY_UNAVAILABLE'

  /** @param why for the operator: the reason, without secrets */
  constructor(why: string, cause: unknown) {
    super(why, {cause})
  }
}
