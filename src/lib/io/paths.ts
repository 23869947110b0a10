/** Paths given by the user. */
import {join, resolve} from 'node:path'
import type {Io} from './io.js'

/**
 * The absolute path that a flag, a variable or a file of settings names.
 * @param path relative to the working folder of the command; `~` and `~/` are the home folder
 */
export function resolvePath(path: string, {cwd, home}: Pick<Io, 'cwd' | 'home'>): string {
  return resolve(cwd, path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path)
}
