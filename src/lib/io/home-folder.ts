/** The home folder of the user. */
import {homedir} from 'node:os'
import {isAbsolute} from 'node:path'
import type {Io} from './io.js'

/** An absolute path; empty without HOME and an entry in the list of users, and for a relative HOME. */
export function homeFolder({env, platform}: Pick<Io, 'env' | 'platform'>): string {
  // Only a user without it loads the module that knows users.
  if (platform !== 'win32' && env.HOME && isAbsolute(env.HOME)) return env.HOME
  try {
    const home = homedir()
    return isAbsolute(home) ? home : ''
  } catch {
    return ''
  }
}
