/** Every command against the embedded service, over both versions of the API; the same contracts run against real clouds. */
import {commandsContract} from '../contract/commands.contract.js'
import {downloadsContract} from '../contract/downloads.contract.js'
import {sharingContract} from '../contract/sharing.contract.js'
import {
  EARLIER_SERVICES,
  EARLIER_SHARED_SERVICES,
  OPEN_SERVICES,
  SHARED_SERVICES,
} from '../support/embedded-targets.js'

for (const {name, facts, open} of OPEN_SERVICES) {
  commandsContract(name, facts, open)
  downloadsContract(name, facts, open)
}
for (const {name, facts, open} of EARLIER_SERVICES) commandsContract(name, facts, open)
for (const {name, facts, open} of SHARED_SERVICES) {
  commandsContract(name, facts, open)
  sharingContract(name, facts, open)
}
for (const {name, facts, open} of EARLIER_SHARED_SERVICES) sharingContract(name, facts, open)
