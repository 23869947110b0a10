/** The life of an image: the statuses that may follow each other. */
import type {Decide, ImageChanges, ImageStatus} from '../registry/registry.js'

/**
 * From each status to those that may follow; everything else is refused (wire/v1.md#j, #g28, #g29, #g30, #g31).
 * Uploads through v2 go back to `queued` when they break; staged data waits in `uploading`, an import works in
 * `importing`.
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

/** Every status from which an image may become `status`. */
export function statusesBefore(status: ImageStatus): readonly ImageStatus[] {
  return ALL.filter(before => NEXT[before].includes(status))
}

/** Changes an image in one of these statuses, and leaves any other alone. */
export function ifStatus(statuses: readonly ImageStatus[], changes: ImageChanges): Decide {
  return ({status}) => (statuses.includes(status) ? changes : undefined)
}
