/** Requests of API v2 that create an image, as recorded. */
import {replayV2} from './replay.js'

replayV2(
  'creating images',
  `
an empty object makes an image with the defaults
> POST /v2/images
> content-type: application/json
> (body) {}
< 201 | location: http://{HOST}/v2/images/{UUID} | openstack-image-import-methods: glance-direct,web-download
< (image) {}

an image may come with an id, tags and a property
> POST /v2/images
> (body) {"id": "#1", "name": "full", "disk_format": "qcow2", "container_format": "bare", "visibility": "private", "min_disk": 1, "min_ram": 64, "protected": false, "tags": ["b", "a"], "os_distro": "debian"}
< 201 | location: http://{HOST}/v2/images/#1
< (image) {"id": "#1", "name": "full", "disk_format": "qcow2", "container_format": "bare", "visibility": "private", "min_disk": 1, "min_ram": 64, "tags": ["a", "b"], "os_distro": "debian"}

the id of an existing image is 409
> POST /v2/images
> (body) {"id": "#1"}
< 409
< (html) Image ID #1 already exists!

a body that is not JSON is 400
> POST /v2/images
> (body) {"name":
< 400
< (html) Malformed JSON in request body.

an array as the body fails [differs: 400, a mistake of the caller]
> POST /v2/images
> (body) []
< 400
< (html) The image must be a JSON object.

an unknown disk_format is 400 [differs: without the dump of the schema]
> POST /v2/images
> (body) {"disk_format": "zip"}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: &#x27;zip&#x27; is not one of [None, &#x27;ami&#x27;, &#x27;ari&#x27;, &#x27;aki&#x27;, &#x27;vhd&#x27;, &#x27;vhdx&#x27;, &#x27;vmdk&#x27;, &#x27;raw&#x27;, &#x27;qcow2&#x27;, &#x27;vdi&#x27;, &#x27;iso&#x27;, &#x27;ploop&#x27;]

a property that is not a string is 400 [differs: without the dump of the schema]
> POST /v2/images
> (body) {"n": 1}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: 1 is not of type &#x27;string&#x27;

a read-only attribute is 403
> POST /v2/images
> (body) {"status": "active"}
< 403
< (html) Attribute &#x27;status&#x27; is read-only.

a member cannot make a public image
> POST /v2/images
> (body) {"visibility": "public"}
< 403
< (html) You are not authorized to complete publicize_image action.

a member can make a community image
> POST /v2/images
> (body) {"visibility": "community", "name": "comm"}
< 201
< (image) {"visibility": "community", "name": "comm"}

another owner is 403
> POST /v2/images
> (body) {"owner": "somebody"}
< 403
< (html) You are not permitted to create images owned by &#x27;somebody&#x27;.

an id that is not a UUID is 400 [differs: without the dump of the schema]
> POST /v2/images
> (body) {"id": "abc"}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: &#x27;abc&#x27; does not match &#x27;^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$&#x27;

formats that do not go together are accepted
> POST /v2/images
> (body) {"disk_format": "ami", "container_format": "bare"}
< 201
< (image) {"disk_format": "ami", "container_format": "bare"}

a name may have any characters
> POST /v2/images
> (body) {"name":"Großbild ☃"}
< 201
< (image) {"name": "Großbild ☃"}

a name of 256 characters is 400 [differs: without the dump of the schema]
> POST /v2/images
> (body) {"name": "(256 times n)"}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: &#x27;(256 times n)&#x27; is too long

locations in a new image are 403
> POST /v2/images
> (body) {"locations": [{"url": "http://h/fs", "metadata": {}}]}
< 403
< (html) Attribute &#x27;locations&#x27; is reserved.

a request without a token is 401
> POST /v2/images
> as: nobody
> (body) {}
< 401
< (html) This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.
`,
)
