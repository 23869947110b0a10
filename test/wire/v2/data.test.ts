/** Upload, download and deactivation in API v2, as recorded. */
import {replayV2} from './replay.js'
import {makeImage, patch} from './shorthand.js'

const SHA_OF_NOTHING =
  'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e'

replayV2(
  'the data of an image',
  `
${makeImage(1)}

a chunked upload makes the image active
> PUT /v2/images/#1/file
> content-type: application/octet-stream
> (chunked) hello, image!
< 204 | content-type: text/html; charset=UTF-8
= #1 {"size": 13, "virtual_size": 13, "status": "active", "checksum": "5d3e16c652d6e956d0f28b5aa4544900", "os_hash_algo": "sha512"}

an upload into an active image is 409
> PUT /v2/images/#1/file
> content-type: application/octet-stream
> (body) x
< 409
< (html) Image status transition from active to saving is not allowed

an upload into an unknown image is 404
> PUT /v2/images/#9/file
> content-type: application/octet-stream
> (body) x
< 404
< (html) No image found with ID #9

${makeImage(2)}

an upload into a shared image of another project is 404
> PUT /v2/images/#2/file
> as: beta
> content-type: application/octet-stream
> (body) x
< 404
< (html) No image found with ID #2

an upload with another Content-Type is 415
> PUT /v2/images/#2/file
> content-type: application/json
> (body) x
< 415
< (html) The request media type application/json is not supported by this server.

an upload without a Content-Type is 415 and leaves the image queued
> PUT /v2/images/#2/file
> (body) x
< 415
< (html) The request media type text/plain is not supported by this server.
= #2 {"status": "queued", "size": null, "checksum": null}

POST makes image 3 without formats
> POST /v2/images
> (body) {"id": "#3"}
< 201

an upload into an image without formats is 400 and leaves it queued
> PUT /v2/images/#3/file
> content-type: application/octet-stream
> (body) x
< 400
< (html) Properties disk_format, container_format must be set prior to saving data.
= #3 {"status": "queued", "size": null, "checksum": null}

an announced size above that of the data is ignored [differs: honoured, as services from 2025 on do]
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-openstack-image-size: 99
> (body) hello, image!
< 400
= #2 {"status": "queued", "size": null, "checksum": null}

an announced size below that of chunked data is ignored [differs: honoured]
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-openstack-image-size: 5
> (chunked) hello, image!
< 400
= #2 {"status": "queued", "size": null, "checksum": null, "os_hash_value": null}

an announced size that is not a number is ignored [differs: honoured]
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-openstack-image-size: many
> (body) x
< 400

an upload into an unknown store is 400
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-image-meta-store: nope
> (body) x
< 400
< (html) Store for identifier nope not found

an upload into the read-only store is 410 and leaves the image queued
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-image-meta-store: http
> (body) x
< 410
< (html) Error in store configuration. Adding images to store is disabled.
= #2 {"status": "queued"}

the download of a queued image is 204
> GET /v2/images/#2/file
< 204

an upload of no bytes makes an active image of size 0
> PUT /v2/images/#2/file
> content-type: application/octet-stream | x-openstack-image-size: 0
> (body) 
< 204
= #2 {"status": "active", "size": 0, "checksum": "d41d8cd98f00b204e9800998ecf8427e", "os_hash_value": "${SHA_OF_NOTHING}", "virtual_size": null}

the download of an image of 0 bytes is an empty 200
> GET /v2/images/#2/file
< 200 | content-md5: d41d8cd98f00b204e9800998ecf8427e
< (data) ""

a download has the data and its checksum, and no ETag
> GET /v2/images/#1/file
< 200 | content-md5: 5d3e16c652d6e956d0f28b5aa4544900 | etag: (none)
< (data) "hello, image!"

HEAD of the data is 405
> HEAD /v2/images/#1/file
< 405 | allow: GET, PUT

a range gives a part with 206
> GET /v2/images/#1/file
> range: bytes=2-5
< 206 | content-range: bytes 2-5/13 | content-md5: 5d3e16c652d6e956d0f28b5aa4544900
< (data) "llo,"

an open range gives the rest
> GET /v2/images/#1/file
> range: bytes=7-
< 206 | content-range: bytes 7-12/13
< (data) "image!"

a suffix range gives the end
> GET /v2/images/#1/file
> range: bytes=-4
< 206 | content-range: bytes 9-12/13
< (data) "age!"

a range after the end is 416
> GET /v2/images/#1/file
> range: bytes=50-60
< 416
< (html) The Range requested is not available. | Invalid start position in Range header. Start position MUST be in the inclusive range [0, 12].

two ranges are 400
> GET /v2/images/#1/file
> range: bytes=0-1,3-4
< 400
< (html) Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.

the older Content-Range in a request gives a part
> GET /v2/images/#1/file
> content-range: bytes 2-5/13
< 206 | content-range: bytes 2-5/13
< (data) "llo,"

the download of an unknown image is 404
> GET /v2/images/#9/file
< 404
< (html) No image found with ID #9

a member deactivates their image
> POST /v2/images/#1/actions/deactivate
< 204 | content-type: text/html; charset=UTF-8
= #1 {"status": "deactivated"}

the download of a deactivated image is 403 for its owner
> GET /v2/images/#1/file
< 403
< (html) The requested image has been deactivated. Image data download is forbidden.

the download of a deactivated image works for an administrator
> GET /v2/images/#1/file
> as: admin
< 200
< (data) "hello, image!"

a member reactivates their image
> POST /v2/images/#1/actions/reactivate
< 204
= #1 {"status": "active"}

reactivating an active image is 204
> POST /v2/images/#1/actions/reactivate
< 204

deactivating a queued image is 403
> POST /v2/images/#3/actions/deactivate
< 403
< (html) Not allowed to deactivate image in status &#x27;queued&#x27;

${patch('the disk_format of an active image cannot be changed', 1, '[{"op": "replace", "path": "/disk_format", "value": "qcow2"}]')}
< 403
< (html) Attribute disk_format can be only replaced for a queued image.
`,
)
