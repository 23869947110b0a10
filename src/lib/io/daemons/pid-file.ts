/** A file with the id of the process that runs a service. */
import {readFileSync, rmSync} from 'node:fs'
import {readFile, rename, writeFile} from 'node:fs/promises'
import {Failure} from '../../model/errors.js'

/** Writes the file, which is never seen without its content. @throws Failure of kind failed */
export async function writePidFile(path: string, pid: number): Promise<void> {
  const own = `${path}.${pid}`
  try {
    await writeFile(own, `${pid}\n`)
    await rename(own, path)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Failure('failed', `cannot write the pid file ${path}`, {why, cause: error})
  }
}

/** The id in a file; undefined without one. @throws Failure of kind failed for other content, and when it cannot be read */
export async function readPidFile(path: string): Promise<number | undefined> {
  const content = await readFile(path, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return undefined
    throw new Failure('failed', `cannot read the pid file ${path}`, {why: error.message, cause: error})
  })
  if (content === undefined) return undefined
  const pid = /^\s*(\d{1,9})\s*$/.exec(content)?.[1]
  if (pid !== undefined && Number(pid) > 1) return Number(pid)
  throw new Failure('failed', `invalid pid file ${path}: expected the id of a process`, {
    advice: 'Remove the file if it is not one of glance-control.',
  })
}

/** Removes the file if it still has this id. An error is ignored, as at the end of a process. */
export function removePidFile(path: string, pid: number): void {
  try {
    if (readFileSync(path, 'utf8').trim() === String(pid)) rmSync(path)
  } catch {
    // A file that is left is recognized by its process, which has ended.
  }
}
