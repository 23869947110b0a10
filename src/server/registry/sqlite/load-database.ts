/** Loads SQLite, whose native code is in one package for each platform. */
import type Libsql from 'libsql'
import {Failure} from '../../../lib/model/errors.js'

/**
 * The class of databases.
 * @throws Failure when the package for this platform is missing
 */
export async function loadDatabase(): Promise<typeof Libsql> {
  try {
    return (await import('libsql')).default
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
    const name = /@libsql\/[\w-]+/.exec(why)?.[0]
    const advice = name === undefined ? undefined : `Install it: npm install --global ${name}`
    throw new Failure('failed', 'cannot load SQLite, which keeps the registry', {why, advice, cause})
  }
}
