/** The home folder of the user. */
import {homedir} from 'node:os'
import {isAbsolute} from 'node:path'

/** An absolute path; empty without HOME and an entry in the list of users, and for a relative HOME. */
export function homeFolder(): string {
  try {
    const home = homedir()
    return isAbsolute(home) ? home : ''
  } catch {
    return ''
  }
}
