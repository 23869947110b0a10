/** All flags, for argument parsing, help and hints. */
import {changeGroup, clearGroup, confirmGroup, editGroup, shareGroup} from './changes.js'
import {commonGroup} from './connection.js'
import {downloadGroup} from './download.js'
import {listGroup} from './list.js'
import {serveGroup} from './serve.js'
import {addGroup} from './upload.js'

export const ALL_FLAGS = {
  // First, because it describes some flags of other groups for itself.
  ...serveGroup.flags,
  ...commonGroup.flags,
  ...confirmGroup.flags,
  ...changeGroup.flags,
  ...listGroup.flags,
  ...clearGroup.flags,
  ...shareGroup.flags,
  ...addGroup.flags,
  ...downloadGroup.flags,
  ...editGroup.flags,
}
