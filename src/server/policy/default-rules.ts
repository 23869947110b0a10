/** The rules of the service: for each operation the role that a caller needs, and their relation to the image. */

const ADMIN = 'rule:context_is_admin'
const OWNER = 'project_id:%(owner)s'
const MEMBER = 'project_id:%(member_id)s'
const OPEN = "'public':%(visibility)s or 'community':%(visibility)s or None:%(owner)s"

const CHANGES_OWN = `${ADMIN} or (role:member and ${OWNER})`
const READS_OWN = `${ADMIN} or (role:reader and (${OWNER} or system_scope:all))`
const READS_SHARED = `${ADMIN} or (role:reader and (${OWNER} or ${MEMBER} or system_scope:all))`
const READS_NAMESPACE = `${ADMIN} or (role:reader and (${OWNER} or 'public':%(visibility)s or system_scope:all))`
const CHANGES_METADEFS = 'rule:metadef_admin'

/**
 * The rules by operation, in the language of oslo.policy. Names and rules are those of Glance with its new defaults, except
 * that an image without an owner is seen by all, everything by a reader of the whole cloud, and that owners remove locations. `reshare_image` is of API v1.
 */
export const DEFAULT_RULES = {
  context_is_admin: 'role:admin',
  default: '@',

  get_images: `${ADMIN} or role:reader`,
  get_image: `${ADMIN} or (role:reader and (${OWNER} or ${MEMBER} or ${OPEN} or system_scope:all))`,
  add_image: CHANGES_OWN,
  modify_image: CHANGES_OWN,
  delete_image: CHANGES_OWN,
  publicize_image: ADMIN,
  communitize_image: CHANGES_OWN,
  deactivate: CHANGES_OWN,
  reactivate: CHANGES_OWN,

  download_image: `${ADMIN} or (role:member and (${OWNER} or ${MEMBER} or ${OPEN}))`,
  upload_image: CHANGES_OWN,
  copy_from: CHANGES_OWN,
  copy_image: ADMIN,

  get_image_location: READS_OWN,
  set_image_location: CHANGES_OWN,
  delete_image_location: CHANGES_OWN,
  add_image_location: CHANGES_OWN,
  fetch_image_location: ADMIN,

  get_members: READS_SHARED,
  get_member: READS_SHARED,
  add_member: CHANGES_OWN,
  delete_member: CHANGES_OWN,
  modify_member: `${ADMIN} or (role:member and ${MEMBER})`,
  reshare_image: 'role:member and True:%(can_share)s',

  metadef_default: '',
  metadef_admin: ADMIN,
  get_metadef_namespaces: `${ADMIN} or role:reader`,
  get_metadef_namespace: READS_NAMESPACE,
  add_metadef_namespace: CHANGES_METADEFS,
  modify_metadef_namespace: CHANGES_METADEFS,
  delete_metadef_namespace: CHANGES_METADEFS,
  get_metadef_objects: READS_NAMESPACE,
  get_metadef_object: READS_NAMESPACE,
  add_metadef_object: CHANGES_METADEFS,
  modify_metadef_object: CHANGES_METADEFS,
  delete_metadef_object: CHANGES_METADEFS,
  get_metadef_properties: READS_NAMESPACE,
  get_metadef_property: READS_NAMESPACE,
  add_metadef_property: CHANGES_METADEFS,
  modify_metadef_property: CHANGES_METADEFS,
  remove_metadef_property: CHANGES_METADEFS,
  get_metadef_tags: READS_NAMESPACE,
  get_metadef_tag: READS_NAMESPACE,
  add_metadef_tags: CHANGES_METADEFS,
  add_metadef_tag: CHANGES_METADEFS,
  modify_metadef_tag: CHANGES_METADEFS,
  delete_metadef_tags: CHANGES_METADEFS,
  delete_metadef_tag: CHANGES_METADEFS,
  list_metadef_resource_types: READS_NAMESPACE,
  get_metadef_resource_type: READS_NAMESPACE,
  add_metadef_resource_type_association: CHANGES_METADEFS,
  remove_metadef_resource_type_association: CHANGES_METADEFS,

  tasks_api_access: ADMIN,
  stores_info_detail: ADMIN,
} as const satisfies Readonly<Record<string, string>>

/** An operation, or a rule that others refer to. */
export type OperationName = keyof typeof DEFAULT_RULES

/** Rules of Glance for what this service does not have, or decides by another rule. */
export const UNUSED_RULES =
  /^(cache_(image|list|delete)|manage_image_cache|(get|add|modify)_tasks?|delete_task)$/
