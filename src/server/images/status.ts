/** The state machine of images. */
import type {Decide, ImageChanges, ImageStatus} from '../registry/registry.js'

/**
 * Transitions from each status; all others are refused (wire/v1.md#j, #g28, #g29, #g30, #g31). A failed upload through v2
 * returns to `queued`; staged data waits in `uploading`, and an import runs in `importing`.
 */
const NEXT: Readonly<Record<ImageStatus, readonly ImageStatus[]>> = {
  queued: ['saving', 'uploading', 'importing', 'active', 'killed', 'deleted'],
  saving: ['active', 'killed', 'queued', 'deleted'],
  uploading: ['importing', 'queued', 'deleted'],
  importing: ['active', 'queued', 'deleted'],
  active: ['deactivated', 'pending_delete', 'deleted'],
  deactivated: ['active', 'deleted'],
  killed: ['deleted'],
  pending_delete: ['deleted'],
  deleted: [],
}

const ALL = Object.keys(NEXT) as ImageStatus[]

/** Statuses with a transition to `status`. */
export function statusesBefore(status: ImageStatus): readonly ImageStatus[] {
  return ALL.filter(before => NEXT[before].includes(status))
}

/** Changes an image if it is in one of the statuses; for `Registry.change`. */
export function ifStatus(statuses: readonly ImageStatus[], changes: ImageChanges): Decide {
  return ({status}) => (statuses.includes(status) ? changes : undefined)
}
