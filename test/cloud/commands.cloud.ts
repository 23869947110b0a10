/** Every command as users type it, against real clouds: one of `OS_CLOUD`, or those on this machine. */
import {commandsContract} from '../contract/commands.contract.js'
import {downloadsContract} from '../contract/downloads.contract.js'
import {sharingContract} from '../contract/sharing.contract.js'
import {
  CHOSEN,
  CHOSEN_FACTS,
  CLOUD_FACTS,
  chosenCloud,
  keystoneCloud,
  OPEN_FACTS,
  openCloud,
  SERVICE,
} from './clouds.js'

const chosen = CHOSEN
if (chosen === undefined) {
  commandsContract(`${SERVICE} with Keystone`, CLOUD_FACTS, keystoneCloud)
  downloadsContract(`${SERVICE} with Keystone`, CLOUD_FACTS, keystoneCloud)
  sharingContract(`${SERVICE} with Keystone`, CLOUD_FACTS, keystoneCloud)
  commandsContract(`${SERVICE} without authentication`, OPEN_FACTS, openCloud)
} else {
  const open = () => chosenCloud(chosen)
  commandsContract('the cloud of OS_CLOUD', CHOSEN_FACTS, open)
  downloadsContract('the cloud of OS_CLOUD', CHOSEN_FACTS, open)
}
