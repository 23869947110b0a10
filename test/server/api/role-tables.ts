/**
 * Statuses of every operation of v1 and v2 by every role. Those of v2 are what a real Glance answers that keeps its own new
 * defaults, except that owners remove locations, and that a caller without a known role who changes the visibility of an
 * image gets 404, not 403.
 */

/** The columns of the tables. The image is of the project alpha; if it is shared, beta is a member that may share it. */
export const CALLERS = {
  admin: 'root:ops:admin',
  owner: 'ann:alpha:member',
  'reader of the owner': 'ray:alpha:reader',
  member: 'bob:beta:member',
  'reader of the member': 'rob:beta:reader',
  stranger: 'eve:gamma:member',
  'caller without a known role': 'uma:alpha:observer',
}

/** Operations on a shared image, by the columns. */
export const SHARED = {
  'POST /v2/images {}': '201 201 403 201 403 201 403',
  'POST /v2/images {"visibility": "community"}': '201 201 403 201 403 201 403',
  'POST /v2/images {"visibility": "public"}': '201 403 403 403 403 403 403',
  'POST /v2/images {"owner": "delta"}': '201 403 403 403 403 403 403',
  'GET /v2/images': '200 200 200 200 200 200 403',
  'GET /v2/images/ID': '200 200 200 200 200 404 404',
  'GET /v2/images/ID/file': '200 200 403 200 403 404 404',
  'PATCH /v2/images/ID [{"op": "add", "path": "/k", "value": "v"}]': '200 200 403 403 403 404 404',
  'PATCH /v2/images/ID [{"op": "replace", "path": "/visibility", "value": "community"}]':
    '200 200 403 403 403 404 404',
  'PATCH /v2/images/ID [{"op": "replace", "path": "/visibility", "value": "public"}]':
    '200 403 403 403 403 404 404',
  'PATCH /v2/images/ID [{"op": "replace", "path": "/owner", "value": "delta"}]':
    '200 403 403 403 403 404 404',
  'PATCH /v2/images/QUEUED [{"op": "add", "path": "/locations/-", "value": {"url": "SOURCE", "metadata": {}}}]':
    '200 200 403 403 403 404 404',
  'PATCH /v2/images/TWICE [{"op": "remove", "path": "/locations/1"}]': '200 200 403 403 403 404 404',
  'DELETE /v2/stores/http/TWICE': '204 204 403 403 403 404 404',
  'GET /v2/images/ID/locations': '200 403 403 403 403 404 404',
  'POST /v2/images/QUEUED/locations {"url": "SOURCE"}': '202 202 403 403 403 404 404',
  'PUT /v2/images/QUEUED/file data': '204 204 403 403 403 404 404',
  'PUT /v2/images/QUEUED/stage data': '204 204 403 403 403 404 404',
  'POST /v2/images/QUEUED/import {"method": {"name": "web-download", "uri": "SOURCE"}}':
    '202 202 403 403 403 404 404',
  'POST /v2/images/ID/actions/deactivate': '204 204 403 403 403 404 404',
  'POST /v2/images/ID/actions/reactivate': '204 204 403 403 403 404 404',
  'PUT /v2/images/ID/tags/new': '204 204 403 403 403 404 404',
  'DELETE /v2/images/ID/tags/t': '204 204 403 403 403 404 404',
  'GET /v2/images/ID/members': '200 200 200 200 200 404 404',
  'GET /v2/images/ID/members/beta': '200 200 200 200 200 404 404',
  'POST /v2/images/ID/members {"member": "delta"}': '200 200 403 403 403 404 404',
  'PUT /v2/images/ID/members/beta {"status": "accepted"}': '200 403 403 200 403 404 404',
  'DELETE /v2/images/ID/members/beta': '204 204 403 403 403 404 404',
  'GET /v2/images/ID/tasks': '200 200 200 200 200 404 404',
  'GET /v2/tasks': '200 403 403 403 403 403 403',
  'GET /v2/tasks/ID': '404 403 403 403 403 403 403',
  'GET /v2/info/stores/detail': '200 403 403 403 403 403 403',
  'GET /v2/info/stores': '200 200 200 200 200 200 200',
  'GET /v2/info/import': '200 200 200 200 200 200 200',
  'GET /v2/info/usage': '200 200 200 200 200 200 200',
  'GET /v2/schemas/image': '200 200 200 200 200 200 200',
  'GET /v2/schemas/metadefs/namespace': '200 200 200 200 200 200 200',
  'DELETE /v2/images/ID': '204 204 403 403 403 404 404',

  'GET /v1/': '200 200 200 200 200 200 403',
  'GET /v1/images': '200 200 200 200 200 200 403',
  'GET /v1/images/detail': '200 200 200 200 200 200 403',
  'HEAD /v1/images/ID': '200 200 200 200 200 404 404',
  'GET /v1/images/ID': '200 200 403 200 403 404 404',
  'POST /v1/images': '201 201 403 201 403 201 403',
  'POST /v1/images data': '201 201 403 201 403 201 403',
  'POST /v1/images is_public=true': '201 403 403 403 403 403 403',
  'POST /v1/images copy_from=SOURCE': '201 201 403 201 403 201 403',
  'POST /v1/images location=SOURCE': '201 201 403 201 403 201 403',
  'PUT /v1/images/ID name=n': '200 200 403 403 403 404 404',
  'PUT /v1/images/ID is_public=true': '200 403 403 403 403 404 404',
  'PUT /v1/images/QUEUED data': '200 200 403 403 403 404 404',
  'PUT /v1/images/QUEUED location=SOURCE': '200 200 403 403 403 404 404',
  'DELETE /v1/images/ID': '200 200 403 403 403 404 404',
  'GET /v1/images/ID/members': '200 200 200 200 200 404 404',
  'PUT /v1/images/ID/members {"memberships": []}': '204 204 404 204 404 404 404',
  'PUT /v1/images/ID/members/delta': '204 204 404 204 404 404 404',
  'DELETE /v1/images/ID/members/beta': '204 204 404 204 404 404 404',
  'GET /v1/shared-images/beta': '200 200 200 200 200 200 403',
}

/** Operations on an image that is private, community or public; the columns are the same. */
export const OTHERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  private: {
    'GET /v2/images/ID': '200 200 200 404 404 404 404',
    'GET /v2/images/ID/file': '200 200 403 404 404 404 404',
    'PATCH /v2/images/ID [{"op": "add", "path": "/k", "value": "v"}]': '200 200 403 404 404 404 404',
    'GET /v2/images/ID/members': '403 403 403 404 404 404 404',
    'DELETE /v2/images/ID': '204 204 403 404 404 404 404',
    'HEAD /v1/images/ID': '200 200 200 404 404 404 404',
    'DELETE /v1/images/ID': '200 200 403 404 404 404 404',
  },
  community: {
    'GET /v2/images/ID': '200 200 200 200 200 200 404',
    'GET /v2/images/ID/file': '200 200 403 200 403 200 404',
    'PATCH /v2/images/ID [{"op": "add", "path": "/k", "value": "v"}]': '200 200 403 403 403 403 404',
    'PUT /v2/images/ID/tags/new': '204 204 403 403 403 403 404',
    'DELETE /v2/images/ID': '204 204 403 403 403 403 404',
  },
  public: {
    'GET /v2/images/ID': '200 200 200 200 200 200 404',
    'GET /v2/images/ID/file': '200 200 403 200 403 200 404',
    'PATCH /v2/images/ID [{"op": "add", "path": "/k", "value": "v"}]': '200 200 403 403 403 403 404',
    'POST /v2/images/ID/actions/deactivate': '204 204 403 403 403 403 404',
    'GET /v1/images/ID': '200 200 403 200 403 200 404',
    'PUT /v1/images/ID name=n': '200 200 403 403 403 403 404',
    'DELETE /v2/images/ID': '204 204 403 403 403 403 404',
  },
}

/**
 * Operations on metadata definitions, by the columns; both namespaces are of alpha, and have the object `o`, the property `p`,
 * the tag `t`, and an association with `R`.
 */
export const METADEFS = {
  'GET /v2/metadefs/namespaces': '200 200 200 200 200 200 403',
  'GET /v2/metadefs/resource_types': '200 200 200 200 200 200 403',
  'POST /v2/metadefs/namespaces {"namespace": "NEW"}': '201 403 403 403 403 403 403',
  'GET /v2/metadefs/namespaces/PUBLIC': '200 200 200 200 200 200 404',
  'PUT /v2/metadefs/namespaces/PUBLIC {"namespace": "PUBLIC"}': '200 403 403 403 403 403 404',
  'DELETE /v2/metadefs/namespaces/PUBLIC': '204 403 403 403 403 403 404',
  'GET /v2/metadefs/namespaces/PUBLIC/objects': '200 200 200 200 200 200 404',
  'POST /v2/metadefs/namespaces/PUBLIC/objects {"name": "n"}': '201 403 403 403 403 403 404',
  'DELETE /v2/metadefs/namespaces/PUBLIC/objects': '204 403 403 403 403 403 404',
  'GET /v2/metadefs/namespaces/PUBLIC/objects/o': '200 200 200 200 200 200 404',
  'PUT /v2/metadefs/namespaces/PUBLIC/objects/o {"name": "n"}': '200 403 403 403 403 403 404',
  'DELETE /v2/metadefs/namespaces/PUBLIC/objects/o': '204 403 403 403 403 403 404',
  'GET /v2/metadefs/namespaces/PUBLIC/properties': '200 200 200 200 200 200 404',
  'POST /v2/metadefs/namespaces/PUBLIC/properties {"name": "n", "type": "string", "title": "t"}':
    '201 403 403 403 403 403 404',
  'DELETE /v2/metadefs/namespaces/PUBLIC/properties': '204 403 403 403 403 403 404',
  'GET /v2/metadefs/namespaces/PUBLIC/properties/p': '200 200 200 200 200 200 404',
  'PUT /v2/metadefs/namespaces/PUBLIC/properties/p {"name": "n", "type": "string", "title": "t"}':
    '200 403 403 403 403 403 404',
  'DELETE /v2/metadefs/namespaces/PUBLIC/properties/p': '204 403 403 403 403 403 404',
  'GET /v2/metadefs/namespaces/PUBLIC/tags': '200 200 200 200 200 200 404',
  'POST /v2/metadefs/namespaces/PUBLIC/tags {"tags": []}': '201 403 403 403 403 403 404',
  'DELETE /v2/metadefs/namespaces/PUBLIC/tags': '204 403 403 403 403 403 404',
  'GET /v2/metadefs/namespaces/PUBLIC/tags/t': '200 200 200 200 200 200 404',
  'POST /v2/metadefs/namespaces/PUBLIC/tags/n': '201 403 403 403 403 403 404',
  'PUT /v2/metadefs/namespaces/PUBLIC/tags/t {"name": "n"}': '200 403 403 403 403 403 404',
  'DELETE /v2/metadefs/namespaces/PUBLIC/tags/t': '204 403 403 403 403 403 404',
  'GET /v2/metadefs/namespaces/PUBLIC/resource_types': '200 200 200 200 200 200 404',
  'POST /v2/metadefs/namespaces/PUBLIC/resource_types {"name": "S"}': '201 403 403 403 403 403 404',
  'DELETE /v2/metadefs/namespaces/PUBLIC/resource_types/R': '204 403 403 403 403 403 404',
  'GET /v2/metadefs/namespaces/PUBLIC/properties/xp?resource_type=R': '200 200 200 200 200 200 404',
  'GET /v2/metadefs/namespaces/PRIVATE': '200 200 200 404 404 404 404',
  'GET /v2/metadefs/namespaces?marker=PRIVATE': '200 200 200 404 404 404 403',
  'PUT /v2/metadefs/namespaces/PRIVATE {"namespace": "PRIVATE"}': '200 403 403 404 404 404 404',
  'DELETE /v2/metadefs/namespaces/PRIVATE': '204 403 403 404 404 404 404',
  'GET /v2/metadefs/namespaces/PRIVATE/objects': '200 200 200 404 404 404 404',
  'GET /v2/metadefs/namespaces/PRIVATE/objects/o': '200 200 200 404 404 404 404',
  'DELETE /v2/metadefs/namespaces/PRIVATE/objects/o': '204 403 403 404 404 404 404',
  'DELETE /v2/metadefs/namespaces/PRIVATE/objects': '204 403 403 404 404 404 404',
  'GET /v2/metadefs/namespaces/PRIVATE/properties': '200 200 200 404 404 404 404',
  'GET /v2/metadefs/namespaces/PRIVATE/properties/p': '200 200 200 404 404 404 404',
  'DELETE /v2/metadefs/namespaces/PRIVATE/properties/p': '204 403 403 404 404 404 404',
  'DELETE /v2/metadefs/namespaces/PRIVATE/properties': '204 403 403 404 404 404 404',
  'GET /v2/metadefs/namespaces/PRIVATE/tags': '200 200 200 404 404 404 404',
  'GET /v2/metadefs/namespaces/PRIVATE/tags/t': '200 200 200 404 404 404 404',
  'DELETE /v2/metadefs/namespaces/PRIVATE/tags/t': '204 403 403 404 404 404 404',
  'DELETE /v2/metadefs/namespaces/PRIVATE/tags': '204 403 403 404 404 404 404',
  'POST /v2/metadefs/namespaces/PRIVATE/objects {"name": "n"}': '201 403 403 404 404 404 404',
  'POST /v2/metadefs/namespaces/PRIVATE/tags {"tags": []}': '201 403 403 404 404 404 404',
  'POST /v2/metadefs/namespaces/PRIVATE/tags/n': '201 403 403 404 404 404 404',
  'GET /v2/metadefs/namespaces/PRIVATE/resource_types': '200 200 200 404 404 404 404',
  'DELETE /v2/metadefs/namespaces/PRIVATE/resource_types/R': '204 403 403 404 404 404 404',
}
