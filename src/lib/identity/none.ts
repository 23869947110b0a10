/** The identity of a caller who has none: for services without authentication. */
import type {Identity} from './identity.js'

export const anonymous: Identity = {credentials: async () => ({})}
