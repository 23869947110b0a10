/** Version 2 of the API against a real Glance with Keystone. */
import {projectsContract} from '../contract/projects.contract.js'
import {describeLab, IMAGE_URL, logIn} from './clouds.js'

describeLab('a Glance with Keystone', () => {
  projectsContract(
    'version 2, a real Glance with Keystone',
    {importFailure: /^Task failed due to Internal Error$/, forbiddenSource: 'http://127.0.0.2/x'},
    async () => ({url: IMAGE_URL, logIn, close: async () => {}}),
  )
})
