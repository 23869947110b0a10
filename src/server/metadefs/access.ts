/** Which callers may read and change metadata definitions. */
import {ServiceError} from '../images/errors.js'
import {type Caller, seesAll} from '../images/policy.js'
import type {OperationName} from '../policy/default-rules.js'
import {DEFAULT_POLICY} from '../policy/policy.js'
import type {MetadefKind, NamespaceRecord} from '../registry/metadefs.js'

/** The operations of the policy by kind; those on all of a kind are `list`, `addAll` and `removeAll`. */
export const OPERATIONS = {
  object: {
    list: 'get_metadef_objects',
    get: 'get_metadef_object',
    add: 'add_metadef_object',
    addAll: 'add_metadef_object',
    modify: 'modify_metadef_object',
    remove: 'delete_metadef_object',
    removeAll: 'delete_metadef_namespace',
  },
  property: {
    list: 'get_metadef_properties',
    get: 'get_metadef_property',
    add: 'add_metadef_property',
    addAll: 'add_metadef_property',
    modify: 'modify_metadef_property',
    remove: 'remove_metadef_property',
    removeAll: 'delete_metadef_namespace',
  },
  tag: {
    list: 'get_metadef_tags',
    get: 'get_metadef_tag',
    add: 'add_metadef_tag',
    addAll: 'add_metadef_tags',
    modify: 'modify_metadef_tag',
    remove: 'delete_metadef_tag',
    removeAll: 'delete_metadef_tags',
  },
  resource_type: {
    list: 'list_metadef_resource_types',
    get: 'get_metadef_resource_type',
    add: 'add_metadef_resource_type_association',
    addAll: 'add_metadef_resource_type_association',
    modify: 'add_metadef_resource_type_association',
    remove: 'remove_metadef_resource_type_association',
    removeAll: 'remove_metadef_resource_type_association',
  },
} as const satisfies Readonly<Record<MetadefKind, Readonly<Record<string, OperationName>>>>

/** What a rule sees of a namespace. */
type OwnedNamespace = Pick<NamespaceRecord, 'owner'> & Partial<Pick<NamespaceRecord, 'visibility'>>

/** True if the caller may see the namespace: by its visibility, which no rule extends, and by the rule. */
export function maySeeNamespace(caller: Caller, namespace: NamespaceRecord): boolean {
  const {owner, visibility} = namespace
  const isOpen = seesAll(caller) || visibility === 'public' || owner === null || owner === caller.project
  return isOpen && permitsMetadef(caller, 'get_metadef_namespace', namespace)
}

/** @param namespace absent: the operation is on none @throws ServiceError `not-permitted` */
export function requireMetadefPermission(
  caller: Caller,
  operation: OperationName,
  namespace?: OwnedNamespace,
): void {
  if (!permitsMetadef(caller, operation, namespace)) throw new ServiceError('not-permitted', {operation})
}

function permitsMetadef(
  caller: Caller,
  operation: OperationName,
  {owner, visibility}: OwnedNamespace = {owner: caller.project},
): boolean {
  const {policy = DEFAULT_POLICY} = caller
  return policy.allows(operation, caller, name => {
    if (name === 'visibility') return visibility
    return ['owner', 'project_id', 'tenant'].includes(name) ? owner : undefined
  })
}
