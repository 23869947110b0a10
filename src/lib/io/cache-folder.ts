/** The folder of the tool's caches, which may be deleted at any time. */
import {isAbsolute, join} from 'node:path'
import type {Io} from './io.js'

/** `glance` in XDG_CACHE_HOME if that is an absolute path, else in `~/.cache`. */
export function cacheFolder({env, home}: Pick<Io, 'env' | 'home'>): string {
  const base =
    env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(home, '.cache')
  return join(base, 'glance')
}
