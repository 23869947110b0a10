/** Changes of images, their tags, and deletion in API v2, as recorded. */
import {replayV2} from './replay.js'
import {patch} from './shorthand.js'

replayV2(
  'changing and deleting images',
  `
POST makes image 1
> POST /v2/images
> (body) {"id": "#1", "name": "old", "disk_format": "raw", "container_format": "bare", "os_distro": "debian"}
< 201

${patch('a patch replaces, adds and removes', 1, '[{"op": "replace", "path": "/name", "value": "renamed"}, {"op": "add", "path": "/hw_disk_bus", "value": "virtio"}, {"op": "remove", "path": "/os_distro"}, {"op": "replace", "path": "/tags", "value": ["x", "y"]}]')}
< 200
< (image) {"id": "#1", "hw_disk_bus": "virtio", "name": "renamed", "disk_format": "raw", "container_format": "bare", "tags": ["x", "y"]}

a patch of another type is 415 with Accept-Patch
> PATCH /v2/images/#1
> content-type: application/json
> (body) []
< 415 | accept-patch: application/openstack-images-v2.0-json-patch, application/openstack-images-v2.1-json-patch
< (html) The request media type application/json is not supported by this server.

a patch of version 2.0 is accepted
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.0-json-patch
> (body) [{"replace": "/name", "value": "by v2.0"}]
< 200
< (has) {"name": "by v2.0"}

${patch('an empty patch changes nothing', 1, '[]')}
< 200
< (has) {"name": "by v2.0"}

${patch('an object as the patch is 400', 1, '{}')}
< 400
< (html) Request body must be a JSON array of operation objects.

${patch('a read-only attribute cannot be patched', 1, '[{"op": "replace", "path": "/status", "value": "active"}]')}
< 403
< (html) Attribute &#x27;status&#x27; is read-only.

${patch('the id cannot be patched', 1, '[{"op": "replace", "path": "/id", "value": "8705948e-2f69-447e-be71-8c31ea26a8da"}]')}
< 403
< (html) Attribute &#x27;id&#x27; is read-only.

${patch('replacing a property that does not exist is 409', 1, '[{"op": "replace", "path": "/nix", "value": "x"}]')}
< 409
< (html) There was a conflict when trying to complete your request. | Property nix does not exist.

${patch('adding a property that exists replaces it', 1, '[{"op": "add", "path": "/hw_disk_bus", "value": "scsi"}]')}
< 200
< (has) {"hw_disk_bus": "scsi"}

${patch('removing an attribute that is not a property is 403', 1, '[{"op": "remove", "path": "/name"}]')}
< 403
< (html) Access was denied to this resource. | Property name may not be removed.

${patch('null clears the name', 1, '[{"op": "replace", "path": "/name", "value": null}]')}
< 200
< (has) {"name": null}

${patch('the operation test is 400', 1, '[{"op": "test", "path": "/name", "value": null}]')}
< 400
< (html) Invalid operation: ${'`'}test${'`'}. It must be one of the following: add, remove, replace.

${patch('one bad operation undoes the whole patch', 1, '[{"op": "replace", "path": "/name", "value": "half"}, {"op": "replace", "path": "/nix", "value": "x"}]')}
< 409
< (html) There was a conflict when trying to complete your request. | Property nix does not exist.
= #1 {"name": null}

${patch('the name of a property may have ~ and /', 1, '[{"op": "add", "path": "/a~1b~0c", "value": "v"}]')}
< 200
< (has) {"a/b~c": "v"}

${patch('a nested path is 400', 1, '[{"op": "add", "path": "/a/b", "value": "v"}]')}
< 400
< (html) Invalid JSON pointer for this resource: &#x27;/a/b&#x27;

${patch('a tag cannot be added by its path', 1, '[{"op": "add", "path": "/tags/-", "value": "z"}]')}
< 400
< (html) Invalid JSON pointer for this resource: &#x27;/tags/-&#x27;

${patch('a member cannot publish an image', 1, '[{"op": "replace", "path": "/visibility", "value": "public"}]')}
< 403
< (html) You are not authorized to complete publicize_image action.

${patch('a member can make an image a community image', 1, '[{"op": "replace", "path": "/visibility", "value": "community"}]')}
< 200
< (has) {"visibility": "community"}

${patch('a min_disk that is not a number is 400 [differs: without the dump of the schema]', 1, '[{"op": "replace", "path": "/min_disk", "value": "5"}]')}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: &#x27;5&#x27; is not of type &#x27;integer&#x27;

${patch('os_hidden can be changed', 1, '[{"op": "replace", "path": "/os_hidden", "value": true}]')}
< 200
< (has) {"os_hidden": true}

${patch('a member cannot change the owner', 1, '[{"op": "replace", "path": "/owner", "value": "beta"}]')}
< 403
< (html) Access was denied to this resource. | Owner can&#x27;t be updated by non admin.

a community image of another project cannot be patched
> PATCH /v2/images/#1
> as: beta
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/name", "value": "x"}]
< 403
< (html) You do not own this image

a tag cannot be set on a community image of another project
> PUT /v2/images/#1/tags/a
> as: beta
< 403
< (html) Not allowed to update tags for image #1.

a tag cannot be removed from a community image of another project
> DELETE /v2/images/#1/tags/none
> as: beta
< 403
< (html) Not allowed to delete tags for image #1.

data cannot be uploaded into a community image of another project
> PUT /v2/images/#1/file
> as: beta
> content-type: application/octet-stream
> (body) x
< 403
< (html) Not allowed to upload image data for image #1

${patch('a patch of an unknown image is 404', 8, '[]')}
< 404
< (html) No image found with ID #8

PUT sets a tag
> PUT /v2/images/#1/tags/new
< 204 | content-type: text/html; charset=UTF-8

PUT of the same tag is 204
> PUT /v2/images/#1/tags/new
< 204

a tag in the path cannot have a slash
> PUT /v2/images/#1/tags/a%20b%2Fc
< 404
< (html) The resource could not be found.
= #1 {"tags": ["new", "x", "y"]}

DELETE removes a tag
> DELETE /v2/images/#1/tags/new
< 204

DELETE of a tag that does not exist is 404
> DELETE /v2/images/#1/tags/new
< 404
< (html) The resource could not be found.

a tag in the path may have a space
> PUT /v2/images/#1/tags/a%20b
< 204

a community image of another project cannot be deleted
> DELETE /v2/images/#1
> as: beta
< 403
< (html) You do not own this image

DELETE answers 204
> DELETE /v2/images/#1
< 204 | content-type: text/html; charset=UTF-8

a second DELETE is 404
> DELETE /v2/images/#1
< 404
< (html) Failed to find image #1 to delete

POST makes a protected image
> POST /v2/images
> (body) {"id": "#2", "protected": true}
< 201

a protected image is 403 for an administrator too
> DELETE /v2/images/#2
> as: admin
< 403
< (html) Image #2 is protected and cannot be deleted.

DELETE of a shared image of another project is 404
> DELETE /v2/images/#2
> as: beta
< 404
< (html) Failed to find image #2 to delete
`,
)
