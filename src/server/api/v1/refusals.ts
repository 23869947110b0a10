/** Refusals of the service as the faults of API v1: status, and the place of the message in the answer. */
import {HttpError} from '../../http/fault.js'
import type {Reason, Refused} from '../../images/refusals.js'
import {fromRegistry} from './nested.js'

/** Where the message stands: as explanation, as detail behind the usual one, or as words of the registry. */
type Place = 'explanation' | 'detail' | 'registry'

const FAULTS: Readonly<
  Record<Exclude<Reason, 'bad-id' | 'out-of-range' | 'may-not-share'>, readonly [number, Place]>
> = {
  'no-such-image': [404, 'detail'], // E9
  'deleted-image': [404, 'detail'], // I54
  'image-gone': [404, 'explanation'], // H2
  'not-active': [404, 'detail'], // E4
  'no-data': [404, 'explanation'], // H12
  'no-foreign-data': [404, 'explanation'], // E16, F57
  'no-such-member': [404, 'registry'], // I39
  'bad-membership': [400, 'registry'], // I23
  'bad-marker': [400, 'registry'], // D51
  'duplicate-id': [409, 'explanation'], // F16
  'bad-value': [400, 'explanation'], // F14, F22 to F33, F50 to F56
  'too-many-properties': [413, 'explanation'], // L34
  immutable: [403, 'explanation'], // G11
  'update-of-deleted': [403, 'explanation'], // G47
  protected: [403, 'explanation'], // H5
  'not-queued': [409, 'detail'], // G28
  'bad-content-type': [400, 'explanation'], // F1
  'size-conflict': [409, 'explanation'], // F59
  mismatch: [400, 'explanation'], // F5, F12
  'broken-upload': [400, 'explanation'], // J3
  'deleted-meanwhile': [412, 'explanation'], // J23
  forbidden: [403, 'explanation'],
  denied: [403, 'explanation'],
  conflict: [409, 'explanation'],
  'no-such-property': [409, 'detail'],
  'no-such-tag': [404, 'detail'],
  'store-read-only': [410, 'explanation'],
  'unsupported-content': [415, 'explanation'],
  'storage-full': [507, 'explanation'],
  'source-forbidden': [400, 'explanation'],
  'source-closed': [403, 'explanation'],
  'source-unavailable': [503, 'explanation'],
  'shutting-down': [503, 'explanation'],
}

/** @param adding whether an image was being added, for the words in front of what the registry of old refused */
export function faultOfRefusal(refused: Refused, adding: boolean): HttpError {
  const {reason, message} = refused
  const before = adding
    ? 'Failed to reserve image. Got error: '
    : 'Failed to update image metadata. Got error: '
  if (reason === 'bad-id') return fromRegistry({explanation: message}, {before})
  if (reason === 'out-of-range') {
    const deed = adding ? 'add' : 'update'
    return fromRegistry({detail: `Failed to ${deed} image metadata. Got error: ${message}`}, {before})
  }
  // The registry of old forbade it, which the API passed on as an image that is not there (v1-wire N19).
  if (reason === 'may-not-share') return fromRegistry({detail: message}, {status: 404, was: 403})
  const [status, place] = FAULTS[reason]
  return place === 'registry'
    ? fromRegistry({explanation: message}, {status})
    : new HttpError(status, {[place]: message})
}
