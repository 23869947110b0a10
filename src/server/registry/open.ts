/** The door to the registry, through which its driver is loaded only by who goes through. */
import type {Registry} from './registry.js'

/**
 * Opens the registry in this SQLite file (`:memory:` for one that vanishes), which is made when absent, and brings its
 * schema up to date.
 * @throws Failure when the file cannot be opened, or was written by a newer release
 */
export async function openRegistry(path: string): Promise<Registry> {
  const {openSqliteRegistry} = await import('./sqlite.js')
  return openSqliteRegistry(path)
}
