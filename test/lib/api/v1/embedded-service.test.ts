/** Version 1 of the API against the embedded service. */
import {openImageApi} from '../../../../src/lib/api/open-api.js'
import {imageApiContract} from '../../../contract/image-api.contract.js'
import {startService} from '../../../support/test-service.js'

imageApiContract('version 1, embedded service', async () => {
  const service = await startService()
  const api = await openImageApi({url: service.url, version: 1, timeoutSeconds: 10})
  return {
    api,
    close: async () => {
      await api.close()
      await service.close()
    },
  }
})
