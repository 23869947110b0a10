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
} from './clouds.js'

const chosen = CHOSEN
if (chosen === undefined) {
  commandsContract('a real Glance with Keystone', CLOUD_FACTS, keystoneCloud)
  downloadsContract('a real Glance with Keystone', CLOUD_FACTS, keystoneCloud)
  sharingContract('a real Glance with Keystone', CLOUD_FACTS, keystoneCloud)
  commandsContract('a real Glance without authentication', OPEN_FACTS, openCloud)
} else {
  const open = () => chosenCloud(chosen)
  commandsContract('the cloud of OS_CLOUD', CHOSEN_FACTS, open)
  downloadsContract('the cloud of OS_CLOUD', CHOSEN_FACTS, open)
}
