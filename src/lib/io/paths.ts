/** Resolves paths given by the user. */
import {join, resolve} from 'node:path'
import type {Io} from './io.js'

/**
 * The absolute path for one in a flag, a variable or a settings file.
 * @param path absolute, relative to the working folder, or relative to the home folder (`~` and `~/`)
 */
export function resolvePath(path: string, {cwd, home}: Pick<Io, 'cwd' | 'home'>): string {
  return resolve(cwd, path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path)
}
