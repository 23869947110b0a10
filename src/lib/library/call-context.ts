/** The state of a client that its methods share. */
import type {Notes} from '../model/notes.js'
import {ApiAccess} from './api-access.js'
import type {OpenService} from './open.js'
import type {SharedOptions} from './options.js'
import {toNotes} from './progress.js'

/** The access to the service, and the receiver of notes. */
export interface CallContext {
  readonly access: ApiAccess
  readonly notes: Notes
}

/** The state of a client of this service. */
export function createContext(open: OpenService, {signal, logger}: SharedOptions): CallContext {
  return {access: new ApiAccess(open, signal), notes: toNotes(logger)}
}
