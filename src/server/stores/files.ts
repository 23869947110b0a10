/** Files and folders of a store. */
import {access, mkdir, open, stat, statfs, unlink} from 'node:fs/promises'
import {dirname} from 'node:path'

/** File systems of this machine, by their numbers in Linux: ext4, XFS, Btrfs, ZFS, F2FS, OverlayFS, and memory. */
const LOCAL_TYPES = new Set([
  0xef_53, 0x58_46_53_42, 0x91_23_68_3e, 0x2f_c1_2f_c1, 0xf2_f5_20_10, 0x79_4c_76_30, 0x01_02_19_94,
])

/** True if the file system of a folder is known not to wait for the network. */
export function isLocal(path: string): Promise<boolean> {
  return statfs(path).then(
    ({type}) => LOCAL_TYPES.has(type),
    () => false,
  )
}

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
