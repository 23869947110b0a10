/** The version of the package. */
import {readFileSync} from 'node:fs'

/** Set in the published bundle. */
declare const PACKAGE_VERSION: string | undefined

/** The version in `package.json`. */
export function readVersion(): string {
  if (typeof PACKAGE_VERSION === 'string') return PACKAGE_VERSION
  const file = new URL('../../../../package.json', import.meta.url)
  const {version} = JSON.parse(readFileSync(file, 'utf8'))
  return String(version)
}
