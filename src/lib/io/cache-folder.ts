/** The folder in which the tool keeps what saves time and may be lost. */
import {isAbsolute, join} from 'node:path'
import type {Io} from './io.js'

export function cacheFolder({env, home}: Pick<Io, 'env' | 'home'>): string {
  const base =
    env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(home, '.cache')
  return join(base, 'glance')
}
