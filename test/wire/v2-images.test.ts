/** Images of API v2 as recorded: making, finding, changing, tagging, closing and deleting them. */
import {witnessOfVersion2} from './v2-witness.js'

witnessOfVersion2(
  'POST /v2/images',
  `
the least
> POST /v2/images
> content-type: application/json
> (body) {}
< 201 | location: http://{HOST}/v2/images/{UUID} | openstack-image-import-methods: glance-direct,web-download
< (image) {}

own id, tags, a property
> POST /v2/images
> (body) {"id": "#1", "name": "full", "disk_format": "qcow2", "container_format": "bare", "visibility": "private", "min_disk": 1, "min_ram": 64, "protected": false, "tags": ["b", "a"], "os_distro": "debian"}
< 201 | location: http://{HOST}/v2/images/#1
< (image) {"id": "#1", "name": "full", "disk_format": "qcow2", "container_format": "bare", "visibility": "private", "min_disk": 1, "min_ram": 64, "tags": ["a", "b"], "os_distro": "debian"}

the same id again
> POST /v2/images
> (body) {"id": "#1"}
< 409
< (html) Image ID #1 already exists!

not JSON
> POST /v2/images
> (body) {"name":
< 400
< (html) Malformed JSON in request body.

a JSON array [differs: 400, a mistake of the caller]
> POST /v2/images
> (body) []
< 400
< (html) The image must be a JSON object.

disk_format that does not exist [differs: without the dump of the schema]
> POST /v2/images
> (body) {"disk_format": "zip"}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: &#x27;zip&#x27; is not one of [None, &#x27;ami&#x27;, &#x27;ari&#x27;, &#x27;aki&#x27;, &#x27;vhd&#x27;, &#x27;vhdx&#x27;, &#x27;vmdk&#x27;, &#x27;raw&#x27;, &#x27;qcow2&#x27;, &#x27;vdi&#x27;, &#x27;iso&#x27;, &#x27;ploop&#x27;]

property value not a string [differs: without the dump of the schema]
> POST /v2/images
> (body) {"n": 1}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: 1 is not of type &#x27;string&#x27;

read-only attribute
> POST /v2/images
> (body) {"status": "active"}
< 403
< (html) Attribute &#x27;status&#x27; is read-only.

visibility public by a member
> POST /v2/images
> (body) {"visibility": "public"}
< 403
< (html) You are not authorized to complete publicize_image action.

visibility community by a member
> POST /v2/images
> (body) {"visibility": "community", "name": "comm"}
< 201
< (image) {"visibility": "community", "name": "comm"}

owner that is not mine
> POST /v2/images
> (body) {"owner": "somebody"}
< 403
< (html) You are not permitted to create images owned by &#x27;somebody&#x27;.

id that is no uuid [differs: without the dump of the schema]
> POST /v2/images
> (body) {"id": "abc"}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: &#x27;abc&#x27; does not match &#x27;^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$&#x27;

wrong container_format/disk_format pair: accepted
> POST /v2/images
> (body) {"disk_format": "ami", "container_format": "bare"}
< 201
< (image) {"disk_format": "ami", "container_format": "bare"}

UTF-8 name
> POST /v2/images
> (body) {"name":"Großbild ☃"}
< 201
< (image) {"name": "Großbild ☃"}

name of 256 characters [differs: without the dump of the schema]
> POST /v2/images
> (body) {"name": "(256 times n)"}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: &#x27;(256 times n)&#x27; is too long

locations at creation
> POST /v2/images
> (body) {"locations": [{"url": "http://h/fs", "metadata": {}}]}
< 403
< (html) Attribute &#x27;locations&#x27; is reserved.

no token
> POST /v2/images
> as: nobody
> (body) {}
< 401
< (html) This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.
`,
)

witnessOfVersion2(
  'Form of an error',
  String.raw`
404, Accept: */*
> GET /v2/images/#9
< 404
< (html) No image found with ID #9

404, Accept: application/json
> GET /v2/images/#9
> accept: application/json
< 404
< (json) {"message": "No image found with ID #9<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}

403 with quotes in the message, Accept: application/json
> POST /v2/images
> accept: application/json
> (body) {"status": "active"}
< 403
< (json) {"message": "Attribute 'status' is read-only.<br /><br />\n\n\n", "code": "403 Forbidden", "title": "Forbidden"}

404, Accept: text/plain
> GET /v2/images/#9
> accept: text/plain
< 404
< (text) "404 Not Found\n\nNo image found with ID #9\n\n   "

a path that does not exist
> GET /v2/nonsense
< 404
< (html) The resource could not be found.

a method that does not exist
> PUT /v2/images
> (body) {}
< 405 | allow: GET, POST
< (html) The method PUT is not allowed for this resource.

OPTIONS
> OPTIONS /v2/images/#9
< 200
< (empty)

HEAD of an image
> HEAD /v2/images/#9
< 405 | content-type: text/html; charset=UTF-8 | allow: GET, PATCH, DELETE

/v2/ itself
> GET /v2/
< 404
< (html) The resource could not be found.

a minor version in the path
> GET /v2.15/images
< 200
< (json) {"images": [], "first": "/v2/images", "schema": "/v2/schemas/images"}

a minor version that there is not
> GET /v2.99/images
< 300

healthcheck
> GET /healthcheck
> as: nobody
< 200
< (text) "OK"
`,
)

witnessOfVersion2(
  'PATCH',
  `
an image
> POST /v2/images
> (body) {"id": "#1", "name": "old", "disk_format": "raw", "container_format": "bare", "os_distro": "debian"}
< 201

replace a name, add a property, remove another, replace the tags
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/name", "value": "renamed"}, {"op": "add", "path": "/hw_disk_bus", "value": "virtio"}, {"op": "remove", "path": "/os_distro"}, {"op": "replace", "path": "/tags", "value": ["x", "y"]}]
< 200
< (image) {"id": "#1", "hw_disk_bus": "virtio", "name": "renamed", "disk_format": "raw", "container_format": "bare", "tags": ["x", "y"]}

wrong Content-Type
> PATCH /v2/images/#1
> content-type: application/json
> (body) []
< 415 | accept-patch: application/openstack-images-v2.0-json-patch, application/openstack-images-v2.1-json-patch
< (html) The request media type application/json is not supported by this server.

the older application/openstack-images-v2.0-json-patch
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.0-json-patch
> (body) [{"replace": "/name", "value": "by v2.0"}]
< 200
< (has) {"name": "by v2.0"}

an empty list
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) []
< 200
< (has) {"name": "by v2.0"}

an object, not a list
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) {}
< 400
< (html) Request body must be a JSON array of operation objects.

read-only
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/status", "value": "active"}]
< 403
< (html) Attribute &#x27;status&#x27; is read-only.

id (read-only)
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/id", "value": "8705948e-2f69-447e-be71-8c31ea26a8da"}]
< 403
< (html) Attribute &#x27;id&#x27; is read-only.

replace of a property that is not there (409)
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/nix", "value": "x"}]
< 409
< (html) There was a conflict when trying to complete your request. | Property nix does not exist.

add of a property that is there
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "add", "path": "/hw_disk_bus", "value": "scsi"}]
< 200
< (has) {"hw_disk_bus": "scsi"}

remove of a base attribute
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "remove", "path": "/name"}]
< 403
< (html) Access was denied to this resource. | Property name may not be removed.

set name to null
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/name", "value": null}]
< 200
< (has) {"name": null}

test operation
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "test", "path": "/name", "value": null}]
< 400
< (html) Invalid operation: ${'`'}test${'`'}. It must be one of the following: add, remove, replace.

one bad operation among good ones: nothing is done
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/name", "value": "half"}, {"op": "replace", "path": "/nix", "value": "x"}]
< 409
< (html) There was a conflict when trying to complete your request. | Property nix does not exist.
= #1 {"name": null}

key with ~ and /
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "add", "path": "/a~1b~0c", "value": "v"}]
< 200
< (has) {"a/b~c": "v"}

nested path
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "add", "path": "/a/b", "value": "v"}]
< 400
< (html) Invalid JSON pointer for this resource: &#x27;/a/b&#x27;

one tag by path
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "add", "path": "/tags/-", "value": "z"}]
< 400
< (html) Invalid JSON pointer for this resource: &#x27;/tags/-&#x27;

visibility public by a member
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/visibility", "value": "public"}]
< 403
< (html) You are not authorized to complete publicize_image action.

visibility community by a member
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/visibility", "value": "community"}]
< 200
< (has) {"visibility": "community"}

min_disk as a string [differs: without the dump of the schema]
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/min_disk", "value": "5"}]
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: &#x27;5&#x27; is not of type &#x27;integer&#x27;

os_hidden
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/os_hidden", "value": true}]
< 200
< (has) {"os_hidden": true}

owner by a member
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/owner", "value": "beta"}]
< 403
< (html) Access was denied to this resource. | Owner can&#x27;t be updated by non admin.

somebody else's community image
> PATCH /v2/images/#1
> as: beta
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/name", "value": "x"}]
< 403
< (html) You do not own this image

PUT a tag, somebody else's community image
> PUT /v2/images/#1/tags/a
> as: beta
< 403
< (html) Not allowed to update tags for image #1.

DELETE a tag, somebody else's community image
> DELETE /v2/images/#1/tags/none
> as: beta
< 403
< (html) Not allowed to delete tags for image #1.

PUT file, somebody else's community image
> PUT /v2/images/#1/file
> as: beta
> content-type: application/octet-stream
> (body) x
< 403
< (html) Not allowed to upload image data for image #1

not there
> PATCH /v2/images/#8
> content-type: application/openstack-images-v2.1-json-patch
> (body) []
< 404
< (html) No image found with ID #8

PUT a tag
> PUT /v2/images/#1/tags/new
< 204 | content-type: text/html; charset=UTF-8

PUT it again
> PUT /v2/images/#1/tags/new
< 204

PUT a tag with a space and a slash (percent encoded)
> PUT /v2/images/#1/tags/a%20b%2Fc
< 404
< (html) The resource could not be found.
= #1 {"tags": ["new", "x", "y"]}

DELETE a tag
> DELETE /v2/images/#1/tags/new
< 204

DELETE a tag that is not there
> DELETE /v2/images/#1/tags/new
< 404
< (html) The resource could not be found.

PUT a tag with a space (percent encoded)
> PUT /v2/images/#1/tags/a%20b
< 204

DELETE, somebody else's community image
> DELETE /v2/images/#1
> as: beta
< 403
< (html) You do not own this image

DELETE
> DELETE /v2/images/#1
< 204 | content-type: text/html; charset=UTF-8

DELETE again
> DELETE /v2/images/#1
< 404
< (html) Failed to find image #1 to delete

a protected image
> POST /v2/images
> (body) {"id": "#2", "protected": true}
< 201

DELETE, protected, by the admin
> DELETE /v2/images/#2
> as: admin
< 403
< (html) Image #2 is protected and cannot be deleted.

DELETE, somebody else's shared image (no member)
> DELETE /v2/images/#2
> as: beta
< 404
< (html) Failed to find image #2 to delete
`,
)

witnessOfVersion2(
  'What is not there',
  `
namespaces of a service without any
> GET /v2/metadefs/namespaces?limit=0
< 200
< (json) {"namespaces": [], "schema": "/v2/schemas/metadefs/namespaces", "first": "/v2/metadefs/namespaces?limit=0"}

a namespace that is not there
> GET /v2/metadefs/namespaces/X
< 404
< (html) Metadata definition namespace=X was not found.

objects of it
> GET /v2/metadefs/namespaces/X/objects
< 404
< (html) Metadata definition namespace=X was not found.

one of its objects
> DELETE /v2/metadefs/namespaces/X/objects/Y
< 404
< (html) Metadata definition namespace=X was not found.

a marker that names no namespace
> GET /v2/metadefs/namespaces?marker=x
< 404
< (html) Metadata definition namespace=x was not found.

namespaces as what they are not
> PUT /v2/metadefs/namespaces
< 405
< (html) The method PUT is not allowed for this resource.

resource types of a service without any
> GET /v2/metadefs/resource_types
< 200
< (json) {"resource_types": []}

their schema
> GET /v2/schemas/metadefs/namespace
< 200
< (has) {"name": "namespace", "required": ["namespace"], "additionalProperties": false}

a schema that there is not
> GET /v2/schemas/metadefs/constructor
< 404
< (html) The resource could not be found.

the list, without a token
> GET /v2/metadefs/namespaces
> as: nobody
< 401

the cache [of older services]
> GET /v2/cache
< 404
< (html) The resource could not be found.

an image out of the cache [of older services]
> DELETE /v2/cache/#1
< 404
< (html) The resource could not be found.

an image out of a store [of a service without several]
> DELETE /v2/stores/file/#1
< 404
< (html) The resource could not be found.

images that wait for the cache
> PUT /v2/queued_images/#1
< 404
< (html) The resource could not be found.
`,
)
