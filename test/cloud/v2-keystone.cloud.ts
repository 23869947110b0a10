/** Version 2 of the API with Keystone. */
import {type ImportFacts, projectsContract} from '../contract/projects.contract.js'
import {describeLab, IMAGE_URL, logIn, OWN, SERVICE} from './clouds.js'

const REAL: ImportFacts = {
  importFailure: /^Task failed due to Internal Error$/,
  forbiddenSource: 'http://127.0.0.2/x',
}
const OURS: ImportFacts = {importFailure: /^HTTP datastore could not find image at URI\.$/}

describeLab(`${SERVICE} with Keystone`, () => {
  projectsContract('version 2, with Keystone', OWN ? OURS : REAL, async () => ({
    url: IMAGE_URL,
    logIn,
    close: async () => {},
  }))
})
