/** Version 1 of the API against the embedded service. */
import {openImageApi} from '../../../../src/lib/api/open-api.js'
import {imageApiContract} from '../../../contract/image-api.contract.js'
import {startService, type TestService} from '../../../support/test-service.js'

let service: TestService | undefined
after(() => service?.close())

/** All tests share one service, which each leaves empty. */
imageApiContract('version 1, embedded service', async () => {
  service ??= await startService()
  const {clear} = service
  const api = await openImageApi({url: service.url, version: 1, timeoutSeconds: 10})
  return {
    api,
    close: async () => {
      await api.close()
      await clear()
    },
  }
})
