/** The gophercloud and Terraform contract against a real Glance with Keystone. */
import {gophercloudContract} from '../contract/gophercloud.contract.js'
import {IMAGE_URL, logIn, SERVICE} from './clouds.js'

gophercloudContract(`${SERVICE} with Keystone`, async () => {
  const callers = await Promise.all(['alpha', 'beta', 'admin'].map(name => logIn(name)))
  const [alpha = '', beta = '', admin = ''] = callers.map(({token}) => token)
  const [ofAlpha = '', ofBeta = ''] = callers.map(({project}) => project)
  return {
    port: Number(new URL(IMAGE_URL).port),
    alpha,
    beta,
    admin,
    projects: {alpha: ofAlpha, beta: ofBeta},
    close: async () => {
      for (const {api} of callers) await api.close()
    },
  }
})
