/** Errors of API v2, and parts that this service does not have, as recorded. */
import {replayV2} from './replay.js'

replayV2(
  'the form of an error',
  String.raw`
an error is HTML by default
> GET /v2/images/#9
< 404
< (html) No image found with ID #9

an error is JSON for Accept: application/json
> GET /v2/images/#9
> accept: application/json
< 404
< (json) {"message": "No image found with ID #9<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}

the message of an error in JSON is not escaped
> POST /v2/images
> accept: application/json
> (body) {"status": "active"}
< 403
< (json) {"message": "Attribute 'status' is read-only.<br /><br />\n\n\n", "code": "403 Forbidden", "title": "Forbidden"}

an error is plain text for Accept: text/plain
> GET /v2/images/#9
> accept: text/plain
< 404
< (text) "404 Not Found\n\nNo image found with ID #9\n\n   "

an unknown path is 404
> GET /v2/nonsense
< 404
< (html) The resource could not be found.

an unknown method is 405 with Allow
> PUT /v2/images
> (body) {}
< 405 | allow: GET, POST
< (html) The method PUT is not allowed for this resource.

OPTIONS answers 200 without a body
> OPTIONS /v2/images/#9
< 200
< (empty)

HEAD of an image is 405
> HEAD /v2/images/#9
< 405 | content-type: text/html; charset=UTF-8 | allow: GET, PATCH, DELETE

/v2/ is 404
> GET /v2/
< 404
< (html) The resource could not be found.

a minor version in the path is accepted
> GET /v2.15/images
< 200
< (json) {"images": [], "first": "/v2/images", "schema": "/v2/schemas/images"}

an unknown minor version answers 300
> GET /v2.99/images
< 300

the health check needs no token
> GET /healthcheck
> as: nobody
< 200
< (text) "OK"
`,
)

replayV2(
  'metadata definitions and caches',
  `
a service without namespaces lists none
> GET /v2/metadefs/namespaces?limit=0
< 200
< (json) {"namespaces": [], "schema": "/v2/schemas/metadefs/namespaces", "first": "/v2/metadefs/namespaces?limit=0"}

an unknown namespace is 404
> GET /v2/metadefs/namespaces/X
< 404
< (html) Metadata definition namespace=X was not found.

the objects of an unknown namespace are 404
> GET /v2/metadefs/namespaces/X/objects
< 404
< (html) Metadata definition namespace=X was not found.

an object of an unknown namespace is 404
> DELETE /v2/metadefs/namespaces/X/objects/Y
< 404
< (html) Metadata definition namespace=X was not found.

an unknown namespace as the marker is 404
> GET /v2/metadefs/namespaces?marker=x
< 404
< (html) Metadata definition namespace=x was not found.

PUT of the namespaces is 405
> PUT /v2/metadefs/namespaces
< 405
< (html) The method PUT is not allowed for this resource.

a service without resource types lists none
> GET /v2/metadefs/resource_types
< 200
< (json) {"resource_types": []}

the schema of a namespace is given
> GET /v2/schemas/metadefs/namespace
< 200
< (has) {"name": "namespace", "required": ["namespace"], "additionalProperties": false}

an unknown schema is 404
> GET /v2/schemas/metadefs/constructor
< 404
< (html) The resource could not be found.

the namespaces without a token are 401
> GET /v2/metadefs/namespaces
> as: nobody
< 401

the cache is 404, as in older services
> GET /v2/cache
< 404
< (html) The resource could not be found.

an image in the cache is 404, as in older services
> DELETE /v2/cache/#1
< 404
< (html) The resource could not be found.

the queue of the cache is 404
> PUT /v2/queued_images/#1
< 404
< (html) The resource could not be found.
`,
)
