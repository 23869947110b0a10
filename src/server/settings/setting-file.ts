/** Reads the files that settings name, or asks whether they exist. */
import {access, readFile} from 'node:fs/promises'
import {usageError} from '../../lib/model/errors.js'

/**
 * The content of a file, which is checked when the service starts.
 * @param name of the setting
 * @throws Failure `usage` for a file that cannot be read
 */
export async function readSettingFile(name: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw usageError(`cannot read ${name} ${path}`, {why, cause: error})
  }
}

/** Whether something has this path; false also for a path that may not be looked up. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
