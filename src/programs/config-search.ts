/** Searches for the configuration file of a program in the places of the administration manual. */
import {stat} from 'node:fs/promises'
import {join} from 'node:path'
import type {Io} from '../lib/io/io.js'

/** Places relative to the home folder. */
const HOME_PLACES = ['.glance', '']

/**
 * The first `NAME.conf` in the current folder, `~/.glance`, `~`, `/etc/glance` and `/etc`; undefined if there is none.
 * @param name of the program
 * @param root in place of `/`, for tests
 */
export async function findConfigFile(
  name: string,
  {cwd, home}: Pick<Io, 'cwd' | 'home'>,
  root = '/',
): Promise<string | undefined> {
  const own = home === '' ? [] : HOME_PLACES.map(folder => join(home, folder))
  for (const folder of [cwd, ...own, join(root, 'etc/glance'), join(root, 'etc')]) {
    const path = join(folder, `${name}.conf`)
    if (await isFile(path)) return path
  }
  return undefined
}

/** True also for a file that cannot be read: no other one takes its place. */
function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    found => !found.isDirectory(),
    error => error.code === 'EACCES',
  )
}
