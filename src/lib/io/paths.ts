/** Resolves paths given by the user. */
import {join, resolve} from 'node:path'
import {usageError} from '../model/errors.js'
import type {Io} from './io.js'

/**
 * The absolute path for one in a flag, a variable or a settings file.
 * @param path absolute, relative to the working folder, or relative to the home folder (`~` and `~/`)
 * @throws Failure of kind usage for a path in an unknown home folder
 */
export function resolvePath(path: string, {cwd, home}: Pick<Io, 'cwd' | 'home'>): string {
  const isInHome = path === '~' || path.startsWith('~/')
  if (isInHome && home === '') throw usageError(`cannot resolve ${path}`, {why: 'no home folder is known'})
  return resolve(cwd, isInHome ? join(home, path.slice(1)) : path)
}
