/** Files and folders of a store. */
import {access, mkdir, open, stat, unlink} from 'node:fs/promises'
import {dirname} from 'node:path'

/** True if there is a file or folder. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Removes a file; returns false if there was none. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

/** Makes the names in a folder survive a crash of the machine. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** True for an error of the system with this code, for example ENOENT. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Creates a folder and its parents. The recursive `mkdir` of the runtime loops for ever below `/proc`. */
export async function makeDirectory(path: string): Promise<void> {
  const make = (folder: string) =>
    mkdir(folder, {mode: 0o700}).catch(async error => {
      if (!hasCode(error, 'EEXIST') || !(await stat(folder)).isDirectory()) throw error
    })
  try {
    await make(path)
  } catch (error) {
    const parent = dirname(path)
    if (!hasCode(error, 'ENOENT') || parent === path || (await exists(parent))) throw error
    await makeDirectory(parent)
    await make(path)
  }
}
