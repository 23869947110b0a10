/** The version of the package. */
import {readFileSync} from 'node:fs'

/** Reads the version from `package.json`. */
export function readVersion(): string {
  const file = new URL('../../../../package.json', import.meta.url)
  const {version} = JSON.parse(readFileSync(file, 'utf8'))
  return String(version)
}
