/** All flags, for argument parsing, help and hints. */
import {changeGroup, clearGroup, confirmGroup, editGroup, shareGroup, storeGroup} from './changes.js'
import {commonGroup} from './connection.js'
import {copyGroup} from './copy.js'
import {downloadGroup} from './download.js'
import {listGroup} from './list.js'
import {serveGroup} from './serve.js'
import {addGroup} from './upload.js'
import {waitGroup} from './wait.js'

export const ALL_FLAGS = {
  // First, because they describe some flags of other groups for themselves.
  ...serveGroup.flags,
  ...waitGroup.flags,
  ...commonGroup.flags,
  ...confirmGroup.flags,
  ...changeGroup.flags,
  ...listGroup.flags,
  ...clearGroup.flags,
  ...shareGroup.flags,
  'all-stores': storeGroup.flags['all-stores'],
  ...addGroup.flags,
  ...downloadGroup.flags,
  ...editGroup.flags,
  ...copyGroup.flags,
}
