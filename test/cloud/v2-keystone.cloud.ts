/** Version 2 of the API against a real Glance with Keystone. */
import {projectsContract} from '../contract/projects.contract.js'
import {IMAGE_URL, logIn} from './clouds.js'

projectsContract(
  'version 2, a real Glance with Keystone',
  {importFailure: /^Task failed due to Internal Error$/, forbiddenSource: 'http://127.0.0.2/x'},
  async () => ({url: IMAGE_URL, logIn, close: async () => {}}),
)
