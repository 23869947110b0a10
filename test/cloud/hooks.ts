/** Stops our own service after the tests, if that was the cloud. */
import {OWN} from './clouds.js'

export const mochaHooks = {afterAll: () => OWN?.close()}
