/** The identity of a caller who brings a token. */
import {usageError} from '../model/errors.js'
import type {Identity} from './identity.js'

/**
 * @param token as another program got it from the identity service
 * @throws Failure of kind `usage` for what cannot be a token; it is not repeated in the message
 */
export function tokenIdentity(token: string): Identity {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw usageError('the token cannot be used', {
      why: 'it has blanks, line breaks or characters outside ASCII in it, or it is empty',
    })
  }
  return {credentials: async () => ({token})}
}
