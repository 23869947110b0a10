/** The folder of the tool's caches, which may be deleted at any time. */
import {isAbsolute, join} from 'node:path'
import type {Io} from './io.js'

/** `glance` in XDG_CACHE_HOME if that is an absolute path, else in `~/.cache`; undefined without a home folder. */
export function cacheFolder({env, home}: Pick<Io, 'env' | 'home'>): string | undefined {
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'glance')
  return home === '' ? undefined : join(home, '.cache', 'glance')
}
